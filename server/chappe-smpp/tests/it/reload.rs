use chappe_core::{IdStyle, Policy, Routes};
use chappe_smpp::Access;
use smpp_tokio::Ended;
use smpp_wire::{Address, BindMode, CommandStatus, DeliverSm};

use crate::house::{House, access, carrier_link, settings};
use crate::peer::{Peer, Said, delivered, message_id, receipt};

#[tokio::test]
async fn an_account_that_is_gone_is_unbound_and_a_link_that_is_gone_ends() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    assert!(carrier.hears_nothing().await);
    house.exchange.set_policy(Policy::new([], [], Routes::default(), 2));
    house.doors.apply(Access::default(), Vec::new());
    assert!(matches!(esme.hears().await, Said::Ended(Ended::Unbound)));
    assert!(matches!(carrier.hears().await, Said::Ended(Ended::Unbound)));
}

#[tokio::test]
async fn what_stays_the_same_stays_bound_and_a_link_that_changed_is_bound_anew() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    let mut link = carrier_link(&house.carrier);
    house.doors.apply(access(house.acme), vec![settings(house.link, link.clone())]);
    assert!(carrier.hears_nothing().await && esme.hears_nothing().await);
    link.window = 20;
    house.doors.apply(access(house.acme), vec![settings(house.link, link)]);
    assert!(matches!(carrier.hears().await, Said::Ended(Ended::Unbound)));
    let mut carrier = Peer::bound(&house.carrier).await;
    let (answer, _) = tokio::join!(esme.submits("385911"), carrier.takes_submit("1"));
    assert!(answer.status().is_ok());
}

#[tokio::test]
async fn a_receiver_that_stays_bound_while_its_account_goes_and_comes_again_shares_its_mailbox() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut first = house.bound(BindMode::Receiver).await;
    let links = || vec![settings(house.link, carrier_link(&house.carrier))];
    house.doors.apply(Access::default(), links());
    house.doors.apply(access(house.acme), links());
    assert!(first.hears_nothing().await, "it stays bound");
    let mut second = house.bound(BindMode::Receiver).await;
    let reply = DeliverSm { destination: Address::try_from("12345").unwrap(), ..DeliverSm::default() };
    assert!(carrier.asks(&reply).await.status().is_ok());
    tokio::select! {
        _ = first.takes_deliver(CommandStatus::OK) => {}
        _ = second.takes_deliver(CommandStatus::OK) => {}
    }
}

#[tokio::test]
async fn a_bound_session_follows_what_its_account_wants_from_then_on() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Transceiver).await;
    let (answer, _) = tokio::join!(esme.submits("385911"), carrier.takes_submit("1"));
    let before = message_id(&answer);
    let policy = house.exchange.policy();
    let mut account = policy.account(house.acme).unwrap().clone();
    account.receipt.id = IdStyle::Decimal;
    let links: Vec<_> = policy.links().map(|(id, link)| (id, link.clone())).collect();
    house.exchange.set_policy(Policy::new([(house.acme, account)], links, policy.routes.clone(), 2));
    house.doors.apply(access(house.acme), vec![settings(house.link, carrier_link(&house.carrier))]);
    let text = delivered("1");
    carrier.asks(&receipt(&text)).await;
    let told = esme.takes_deliver(CommandStatus::OK).await;
    let id = IdStyle::Hex.read(&before).unwrap();
    let expected = format!("id:{} ", IdStyle::Decimal.text(id));
    let (told, _) = DeliverSm::read(told.body()).unwrap();
    assert!(told.short_message.starts_with(expected.as_bytes()));
    let (answer, _) = tokio::join!(esme.submits("385911"), carrier.takes_submit("2"));
    assert!(IdStyle::Decimal.read(&message_id(&answer)).is_ok());
}

use smpp_wire::{Address, BindMode, CommandStatus, DeliverSm};

use crate::house::House;
use crate::peer::{Peer, Said, delivered, receipt};

async fn submits_and_leaves(house: &House, carrier: &mut Peer) {
    let mut esme = house.bound(BindMode::Transmitter).await;
    let (answer, _) = tokio::join!(esme.submits("385911234567"), carrier.takes_submit("77"));
    assert!(answer.status().is_ok());
    esme.0.begin_unbind();
    esme.hears().await;
}

#[tokio::test]
async fn a_receipt_waits_while_its_account_is_away_and_comes_after_its_bind() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    submits_and_leaves(&house, &mut carrier).await;
    let text = delivered("77");
    assert!(carrier.asks(&receipt(&text)).await.status().is_ok(), "taken although nobody is there");
    let mut esme = house.bound(BindMode::Receiver).await;
    let told = esme.takes_deliver(CommandStatus::OK).await;
    assert!(DeliverSm::read(told.body()).unwrap().0.esm_class.is_receipt());
    assert!(esme.hears_nothing().await, "told once");
}

#[tokio::test]
async fn a_receipt_that_a_session_did_not_answer_is_offered_to_the_next() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    submits_and_leaves(&house, &mut carrier).await;
    let text = delivered("77");
    carrier.asks(&receipt(&text)).await;
    let mut first = house.bound(BindMode::Receiver).await;
    first.is_asked(smpp_wire::CommandId::DELIVER_SM).await;
    drop(first);
    let mut second = house.bound(BindMode::Receiver).await;
    second.takes_deliver(CommandStatus::OK).await;
}

#[tokio::test]
async fn a_message_from_a_handset_reaches_the_receiver() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let mut esme = house.bound(BindMode::Receiver).await;
    let reply = DeliverSm {
        source: Address::try_from("385911234567").unwrap(),
        destination: Address::try_from("12345").unwrap(),
        short_message: b"STOP",
        ..DeliverSm::default()
    };
    let (answer, frame) = tokio::join!(carrier.asks(&reply), esme.takes_deliver(CommandStatus::OK));
    assert!(answer.status().is_ok());
    let (heard, _) = DeliverSm::read(frame.body()).unwrap();
    assert_eq!(
        (heard.source, heard.destination, heard.short_message),
        (reply.source, reply.destination, &b"STOP"[..])
    );
    assert!(!heard.esm_class.is_receipt());
}

#[tokio::test]
async fn a_message_to_a_number_of_nobody_is_refused() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    let reply = DeliverSm { destination: Address::try_from("99999").unwrap(), ..DeliverSm::default() };
    let answer = carrier.asks(&reply).await;
    assert_eq!(answer.status(), CommandStatus::INVALID_DESTINATION_ADDRESS);
}

#[tokio::test]
async fn a_transmitter_gets_no_receipts() {
    let house = House::opens().await;
    let mut carrier = Peer::bound(&house.carrier).await;
    submits_and_leaves(&house, &mut carrier).await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    let text = delivered("77");
    carrier.asks(&receipt(&text)).await;
    assert!(esme.hears_nothing().await);
    let mut receiver = house.bound(BindMode::Receiver).await;
    assert!(matches!(receiver.hears().await, Said::Asked(..)));
}

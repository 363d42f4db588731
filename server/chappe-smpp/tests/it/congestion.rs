//! How busy each side says it is, and what the other makes of it.

use chappe_core::{Rate, Version};
use smpp_tokio::Options;
use smpp_wire::{
    Bind, BindMode, CommandId, CommandStatus, Frame, InterfaceVersion, Pdu, SubmitSmResp, Tag, Tlv, Tlvs,
};

use crate::house::House;
use crate::peer::{Peer, Said};

/// The congestion_state and the reason of an answer to a submit_sm.
fn said(answer: &Frame) -> (Option<u32>, Option<Vec<u8>>) {
    let Ok((Pdu::SubmitSmResp(view), _)) = answer.view() else { panic!("{answer:?}") };
    let why = view.tlvs.get(Tag::ADDITIONAL_STATUS_INFO_TEXT).map(|tlv| tlv.c_string().to_vec());
    (view.tlvs.get(Tag::CONGESTION_STATE).and_then(|tlv| tlv.integer()), why)
}

async fn bound_in(house: &House, interface_version: InterfaceVersion) -> Peer {
    let options = Options { interface_version, ..Options::default() };
    let mut esme = Peer::connect_with(house.address(), options).await;
    let bind = Bind {
        mode: BindMode::Transmitter,
        system_id: b"acme",
        password: b"secret",
        interface_version,
        ..Bind::default()
    };
    assert!(esme.asks(&bind).await.status().is_ok());
    esme
}

#[tokio::test]
async fn a_peer_of_5_0_is_told_when_it_sends_too_much_and_an_older_one_is_not() {
    let rate = Rate { parts_per_second: 0.001, burst: Some(1.0) };
    for (version, idle, congested) in
        [(InterfaceVersion::V5_0, Some(0), Some(100)), (InterfaceVersion::V3_4, None, None)]
    {
        let house = House::opens_with(|account| account.rate = Some(rate), |_| {}).await;
        let mut esme = bound_in(&house, version).await;
        let answer = esme.submits("385911").await;
        let (congestion, why) = said(&answer);
        assert_eq!((answer.status(), why), (CommandStatus::OK, None));
        assert_eq!(congestion.map(|percent| percent / 80), idle, "below what slows a peer down");
        let answer = esme.submits("385911").await;
        let why = congested.map(|_| b"rate_limited".to_vec());
        assert_eq!((answer.status(), said(&answer)), (CommandStatus::THROTTLED, (congested, why)));
    }
}

#[tokio::test]
async fn a_carrier_that_says_it_is_congested_is_given_less_until_it_is_not() {
    let house = House::opens_with(
        |account| account.window_max = 100,
        |link| {
            link.window = 16;
            link.interface_version = Version::V5_0;
        },
    )
    .await;
    let mut carrier = Peer::called_in(&house.carrier, InterfaceVersion::V5_0).await;
    let Said::Bind(asked, _) = carrier.hears().await else { panic!("no bind") };
    carrier.0.accept_bind(asked, b"carrier");
    let mut esme = house.bound(BindMode::Transmitter).await;
    carrier.0.flush().await.unwrap();
    assert!(esme.submits("385911").await.status().is_ok());
    let (asked, _) = carrier.is_asked(CommandId::SUBMIT_SM).await;
    answer(&mut carrier, asked, 100).await;
    for _ in 0..12 {
        assert!(esme.submits("385911").await.status().is_ok());
    }
    let mut open = Vec::new();
    while let Ok(Said::Asked(asked, _)) = carrier.hears_soon().await {
        assert_eq!(asked.id, CommandId::SUBMIT_SM);
        open.push(asked);
    }
    assert_eq!(open.len(), 2, "an eighth of the window");
    for asked in open {
        answer(&mut carrier, asked, 0).await;
    }
    let mut rest = 0;
    while let Ok(Said::Asked(..)) = carrier.hears_soon().await {
        rest += 1;
    }
    assert_eq!(rest, 10, "all at once");
}

async fn answer(carrier: &mut Peer, asked: smpp_tokio::Asked, percent: u8) {
    let value = [percent];
    let tlvs = [Tlv { tag: Tag::CONGESTION_STATE, value: &value }];
    let body = SubmitSmResp { message_id: b"1", tlvs: Tlvs::of(&tlvs) };
    carrier.0.respond(asked, CommandStatus::OK, &body);
    carrier.0.flush().await.unwrap();
}

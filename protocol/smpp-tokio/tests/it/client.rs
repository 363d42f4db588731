//! The handle, the stream of requests, and the server that they talk to.

use std::time::Duration;

use smpp_tokio::wire::{
    AlertNotification, CommandId, CommandStatus, DataSm, DataSmResp, DeliverSm, Frame, Pdu, QuerySm,
    SubmitSm, Tag, Tlv, Tlvs,
};
use smpp_tokio::{
    Ask, BindError, Ended, NoId, NotSent, Options, Receiver, RequestError, Server, Transceiver, Transmitter,
    connect,
};

use crate::raw::{bound, server};

fn message(text: &'static str) -> SubmitSm<'static> {
    SubmitSm { short_message: text.as_bytes(), ..Default::default() }
}

fn acme() -> Transceiver {
    Transceiver::new("acme", "secret")
}

#[tokio::test]
async fn a_message_is_answered_with_its_id() {
    let (centre, _incoming) = connect(server().await).bind(acme()).await.unwrap();
    let answer = centre.submit(&message("hello")).await.unwrap();
    assert_eq!(answer.message_id().unwrap(), "hello");
    assert_eq!(centre.unbind().await, Ended::Unbound);
    let late = centre.submit(&message("late")).await;
    assert!(matches!(late, Err(RequestError::NotSent(_))), "{late:?}");
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    let (centre, _incoming) = connect(server().await).bind(acme()).await.unwrap();
    let answer = centre.submit(&message("refuse")).await.unwrap();
    assert_eq!(answer.message_id(), Err(NoId::Refused(CommandStatus::INVALID_DESTINATION_ADDRESS)));
}

#[tokio::test]
async fn a_request_that_a_server_drops_is_a_system_error() {
    let (centre, _incoming) = connect(server().await).bind(acme()).await.unwrap();
    let answer = centre.submit(&message("drop")).await.unwrap();
    assert_eq!(answer.status(), CommandStatus::SYSTEM_ERROR);
}

#[tokio::test]
async fn a_wrong_password_is_told() {
    let refused = connect(server().await).bind(Transmitter::new("acme", "wrong")).await;
    assert!(matches!(refused, Err(BindError::Refused(CommandStatus::INVALID_PASSWORD))));
}

#[tokio::test]
async fn many_tasks_share_one_session_beyond_its_window() {
    let options = Options { window_out: 7, ..Options::default() };
    let (centre, _incoming) = connect(server().await).options(options).bind(acme()).await.unwrap();
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let centre = centre.clone();
            tokio::spawn(async move { centre.submit(&message("hi")).await.unwrap().status() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order() {
    let texts: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
    let messages: Vec<SubmitSm<'_>> =
        texts.iter().map(|text| SubmitSm { short_message: text.as_bytes(), ..Default::default() }).collect();
    let (centre, _incoming) = connect(server().await).bind(acme()).await.unwrap();
    let answers = centre.submit_all(&messages).await;
    assert_eq!(answers.len(), 1000);
    for (answer, text) in answers.iter().zip(&texts) {
        assert_eq!(answer.as_ref().unwrap().message_id().unwrap(), *text);
    }
}

#[tokio::test]
async fn a_submit_that_is_given_up_frees_its_place() {
    let options = Options { window_out: 1, response: Duration::from_millis(300), ..Options::default() };
    let (centre, _incoming) = connect(server().await).options(options).bind(acme()).await.unwrap();
    let (ignored, hello) = (message("ignore"), message("hello"));
    let given_up = tokio::time::timeout(Duration::from_millis(20), centre.submit(&ignored)).await;
    assert!(given_up.is_err());
    assert_eq!(centre.submit(&hello).await.unwrap().message_id().unwrap(), "hello");
}

#[tokio::test]
async fn an_unanswered_submit_times_out() {
    let options = Options { response: Duration::from_millis(100), ..Options::default() };
    let (centre, _incoming) = connect(server().await).options(options).bind(acme()).await.unwrap();
    let unanswered = centre.submit(&message("ignore")).await;
    assert_eq!(unanswered.map(|answer| answer.status()), Err(RequestError::TimedOut));
}

#[tokio::test]
async fn a_submit_whose_session_is_lost_is_unknown() {
    let (centre, mut incoming) = connect(server().await).bind(acme()).await.unwrap();
    let lost = centre.submit(&message("vanish")).await;
    assert!(matches!(lost, Err(RequestError::Closed(_))), "{lost:?}");
    assert!(incoming.next().await.is_err());
}

#[tokio::test]
async fn a_message_that_no_frame_can_carry_is_not_sent() {
    let (centre, _incoming) = connect(server().await).bind(acme()).await.unwrap();
    let long = SubmitSm { short_message: &[0; 300], ..Default::default() };
    let unsent = centre.submit(&long).await;
    assert!(matches!(unsent, Err(RequestError::NotSent(_))), "{unsent:?}");
    assert!(centre.submit(&message("hello")).await.is_ok());
}

#[tokio::test]
async fn a_command_the_server_does_not_serve_is_nacked() {
    let (centre, _incoming) = connect(server().await).bind(acme()).await.unwrap();
    let answer = centre.query(&QuerySm { message_id: b"7", ..Default::default() }).await.unwrap();
    assert_eq!(answer.status(), CommandStatus::INVALID_COMMAND_ID);
    assert_eq!(answer.id(), CommandId::GENERIC_NACK);
}

/// A server that delivers messages to whoever binds, and tells what it was answered.
async fn delivering(
    texts: &'static [&'static str],
) -> (std::net::SocketAddr, tokio::sync::mpsc::Receiver<u32>) {
    let server = Server::listen("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    let (tell, told) = tokio::sync::mpsc::channel(100);
    tokio::spawn(server.each(move |mut peer| {
        let tell = tell.clone();
        async move {
            while let Some(request) = peer.next().await? {
                let Ok(Ask::Bind(_)) = request.ask() else { continue };
                request.accept("centre");
                for text in texts {
                    let message = DeliverSm { short_message: text.as_bytes(), ..Default::default() };
                    peer.deliver(&message).unwrap();
                }
                break;
            }
            let (mut connection, _) = peer.into_connection();
            loop {
                connection.ready().await?;
                while let Some(event) = connection.take() {
                    if let smpp_tokio::Event::Answered { frame, .. } = event {
                        tell.try_send(frame.status().0).unwrap();
                    }
                }
            }
        }
    }));
    (address, told)
}

#[tokio::test]
async fn what_a_centre_delivers_is_accepted_refused_deferred_or_dropped() {
    let (address, mut told) = delivering(&["a", "b", "c", "d"]).await;
    let (_centre, mut incoming) = connect(address).bind(Receiver::new("acme", "secret")).await.unwrap();
    incoming.next().await.unwrap().unwrap().accept();
    assert_eq!(told.recv().await, Some(0));
    incoming.next().await.unwrap().unwrap().refuse(CommandStatus::RECEIVER_TEMPORARY_ERROR);
    assert_eq!(told.recv().await, Some(CommandStatus::RECEIVER_TEMPORARY_ERROR.0));
    let (frame, responder) = incoming.next().await.unwrap().unwrap().defer();
    assert_eq!(frame.id(), CommandId::DELIVER_SM);
    drop(incoming.next().await.unwrap());
    assert_eq!(told.recv().await, Some(CommandStatus::SYSTEM_ERROR.0));
    responder.answer(CommandStatus::OK);
    assert_eq!(told.recv().await, Some(0));
}

#[tokio::test]
async fn a_client_that_does_not_listen_refuses_what_comes() {
    let (address, mut told) = delivering(&["a", "b"]).await;
    let (_centre, incoming) = connect(address).bind(acme()).await.unwrap();
    drop(incoming);
    assert_eq!(told.recv().await, Some(CommandStatus::SYSTEM_ERROR.0));
    assert_eq!(told.recv().await, Some(CommandStatus::SYSTEM_ERROR.0));
}

#[tokio::test]
async fn a_client_that_nobody_holds_unbinds() {
    let server = Server::listen("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    tokio::spawn(server.each(move |mut peer| {
        let tell = tell.clone();
        async move {
            while let Some(request) = peer.next().await? {
                request.accept("centre");
            }
            tell.send(()).unwrap();
            Ok(())
        }
    }));
    drop(connect(address).bind(acme()).await.unwrap());
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if told.try_recv().is_ok() {
            return;
        }
    }
    panic!("no unbind came");
}

#[tokio::test]
async fn a_payload_of_64_kib_passes_both_ways() {
    let server = Server::listen("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.each(|mut peer| async move {
        let mut payload = Vec::new();
        while let Some(request) = peer.next().await? {
            if let Ok(Ask::Submit(message)) = request.ask() {
                payload = message.user_data().to_vec();
            }
            request.accept("1");
            if !payload.is_empty() {
                let tlvs = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &std::mem::take(&mut payload) }];
                peer.deliver(&DeliverSm { tlvs: Tlvs::of(&tlvs), ..Default::default() }).unwrap();
            }
        }
        Ok(())
    }));
    let (centre, mut incoming) = connect(address).bind(acme()).await.unwrap();
    for octets in [65_535, 65_535, 1] {
        let payload: Vec<u8> = (0..octets).map(|n: u32| (n % 251) as u8 + 1).collect();
        let tlvs = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &payload }];
        let long = SubmitSm { tlvs: Tlvs::of(&tlvs), ..Default::default() };
        assert_eq!(centre.submit(&long).await.unwrap().message_id().unwrap(), "1");
        let request = incoming.next().await.unwrap().unwrap();
        let (Pdu::DeliverSm(back), _) = request.view().unwrap() else { panic!("{request:?}") };
        assert!(back.user_data() == payload);
        request.accept();
    }
    assert_eq!(centre.unbind().await, Ended::Unbound);
}

#[tokio::test]
async fn a_payload_that_no_pdu_may_hold_is_not_sent_and_the_next_message_is() {
    let (centre, _incoming) = connect(server().await).bind(acme()).await.unwrap();
    let values = [vec![b'x'; 65_535], vec![b'y'; 65_535]];
    let tlvs = values.each_ref().map(|value| Tlv { tag: Tag::MESSAGE_PAYLOAD, value });
    let huge = SubmitSm { tlvs: Tlvs::of(&tlvs), ..Default::default() };
    let unsent = centre.submit(&huge).await;
    assert!(matches!(unsent, Err(RequestError::NotSent(NotSent::Unfit(_)))), "{unsent:?}");
    assert_eq!(centre.submit(&message("hello")).await.unwrap().message_id().unwrap(), "hello");
}

#[tokio::test]
async fn a_data_sm_is_answered_with_an_id_of_ours_and_news_need_no_answer() {
    let (client, mut incoming, mut centre) = crate::raw::bound(Options::default()).await;
    centre.says(CommandStatus::OK, 4, &AlertNotification::default()).await;
    centre.sends(&crate::raw::header(16, CommandId::GENERIC_NACK, 0)).await;
    centre.says(CommandStatus::OK, 5, &DataSm::default()).await;
    let news = incoming.next().await.unwrap().unwrap();
    assert_eq!(news.frame().id(), CommandId::ALERT_NOTIFICATION);
    news.accept();
    assert_eq!(incoming.next().await.unwrap().unwrap().frame().id(), CommandId::GENERIC_NACK);
    let asked = incoming.next().await.unwrap().unwrap();
    asked.respond(CommandStatus::OK, &DataSmResp { message_id: b"ours", ..Default::default() }).unwrap();
    let resp = centre.hears().await.unwrap();
    assert_eq!((resp.id(), resp.sequence()), (CommandId::DATA_SM_RESP, 5));
    assert_eq!(resp.body(), b"ours\0");
    drop(client);
}

#[tokio::test]
async fn news_that_nobody_takes_do_not_pile_up() {
    let (_client, mut incoming, mut centre) = bound(Options::default()).await;
    let nack = Frame::header_only(CommandId::GENERIC_NACK, CommandStatus::SYSTEM_ERROR, 0);
    for _ in 0..50 {
        centre.sends(&nack.bytes().repeat(200)).await;
    }
    let enquire_link = Frame::header_only(CommandId::ENQUIRE_LINK, CommandStatus::OK, 7);
    centre.sends(enquire_link.bytes()).await;
    assert_eq!(centre.hears().await.unwrap().id(), CommandId::ENQUIRE_LINK_RESP);
    drop(centre);
    let mut waited = 0;
    while let Ok(Some(_)) = incoming.next().await {
        waited += 1;
    }
    assert_eq!(waited, 1024);
}

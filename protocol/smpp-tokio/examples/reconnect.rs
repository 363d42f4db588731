//! Listens for messages and binds again whenever the session is lost.

use smpp_tokio::wire::Pdu;
use smpp_tokio::{Receiver, Reconnect, text_of};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut sessions = Reconnect::new("127.0.0.1:2775", Receiver::new("acme", "secret"));
    loop {
        let (_centre, mut incoming) =
            sessions.next(|error, pause| eprintln!("{error}; again in {pause:?}")).await;
        while let Ok(Some(request)) = incoming.next().await {
            if let Ok((Pdu::DeliverSm(message), _)) = request.view() {
                println!("from {}: {}", message.source, text_of(&message));
            }
            request.accept();
        }
    }
}

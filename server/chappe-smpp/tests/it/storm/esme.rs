//! The ESME: submits each text once, remembers what it was told, and takes receipts.

use std::sync::Arc;
use std::time::Duration;

use smpp_tokio::{Asked, Connection, Event, Options, Role};
use smpp_wire::{
    Address, Bind, BindMode, CommandId, CommandStatus, DeliverSm, DeliverSmResp, InterfaceVersion,
    RegisteredDelivery, SubmitSm, SubmitSmResp,
};
use tokio::time::{interval, sleep, timeout};
use turmoil::net::TcpStream;

use super::book::Book;
use super::hosts::{CENTRE, CENTRE_PORT};

/// Between two bursts, each as far as the window has room.
const PACE: Duration = Duration::from_millis(150);
const BURST: usize = 6;
/// The token of what is no submit_sm.
const BIND: u64 = u64::MAX;

pub(super) async fn run(book: Arc<Book>, messages: usize) -> turmoil::Result {
    loop {
        // Whatever ended the session, the next one goes on.
        let connecting = TcpStream::connect((CENTRE, CENTRE_PORT));
        if let Ok(Ok(stream)) = timeout(Duration::from_secs(1), connecting).await {
            session(stream, &book, messages).await;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

async fn session(stream: TcpStream, book: &Book, messages: usize) {
    let options = Options {
        window_out: 10,
        window_in: 1000,
        enquire_link: Duration::from_secs(1),
        response: Duration::from_secs(2),
        ..Options::default()
    };
    let mut connection = Connection::new(stream, Role::Esme, options);
    let bind = Bind {
        mode: BindMode::Transceiver,
        system_id: b"acme",
        password: b"secret",
        interface_version: InterfaceVersion::V3_4,
        ..Bind::default()
    };
    connection.request(&bind, BIND).unwrap();
    let (mut is_bound, mut pace) = (false, interval(PACE));
    loop {
        let is_over = tokio::select! {
            ready = connection.ready() => ready.is_err(),
            _ = pace.tick(), if is_bound => {
                (0..BURST).for_each(|_| submit(&mut connection, book, messages));
                false
            }
        };
        // What came before the end counts.
        let mut receipts = Vec::new();
        while let Some(event) = connection.take() {
            match event {
                Event::Answered { token: BIND, frame } => {
                    if frame.status() != CommandStatus::OK {
                        return;
                    }
                    is_bound = true;
                }
                Event::Answered { token, frame } => {
                    let answer = SubmitSmResp::read(frame.body()).ok();
                    answered(book, token, frame.status(), answer.map(|(answer, _)| answer.message_id));
                }
                Event::Request { asked, frame } if asked.id == CommandId::DELIVER_SM => {
                    receipts.extend(receipt(book, asked, frame.body()));
                }
                _ => {}
            }
        }
        for asked in receipts {
            connection.respond(asked, CommandStatus::OK, &DeliverSmResp::default());
        }
        if is_over {
            return;
        }
    }
}

fn submit(connection: &mut Connection<TcpStream>, book: &Book, messages: usize) {
    let mut pages = book.open();
    if pages.submitted == messages || connection.window_free() == 0 {
        return;
    }
    let text = text(pages.submitted as u64);
    let message = SubmitSm {
        source: Address::try_from("ACME").unwrap(),
        destination: Address::try_from("385911234567").unwrap(),
        registered_delivery: RegisteredDelivery::FINAL,
        short_message: text.as_bytes(),
        ..SubmitSm::default()
    };
    if connection.request(&message, pages.submitted as u64).is_ok() {
        pages.submitted += 1;
    }
}

fn answered(book: &Book, token: u64, status: CommandStatus, id: Option<&[u8]>) {
    let mut pages = book.open();
    match (status, id) {
        (CommandStatus::OK, Some(id)) => {
            let id = String::from_utf8(id.to_vec()).unwrap();
            pages.acknowledged.insert(text(token), id);
        }
        _ => drop(pages.refused.insert(text(token))),
    }
}

fn receipt(book: &Book, asked: Asked, body: &[u8]) -> Option<Asked> {
    let (receipt, _) = DeliverSm::read(body).unwrap();
    let words = String::from_utf8_lossy(receipt.short_message).into_owned();
    let id = words.strip_prefix("id:").and_then(|rest| rest.split(' ').next());
    let mut pages = book.open();
    match id {
        Some(id) if words.contains("stat:DELIVRD") => drop(pages.receipts.insert(id.to_owned())),
        _ => pages.broken.push(format!("the ESME was told {words:?}")),
    }
    Some(asked)
}

fn text(number: u64) -> String {
    format!("storm {number:04}")
}

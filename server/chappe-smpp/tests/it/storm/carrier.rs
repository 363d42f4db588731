//! The carrier: takes every message, sometimes tells of its delivery before it has answered, and does not forget a
//! receipt before it is answered.

use std::sync::Arc;
use std::time::Duration;

use smpp_tokio::{Asked, Connection, Event, Options, Role};
use smpp_wire::{CommandId, CommandStatus, DeliverSm, EsmClass, SubmitSm, SubmitSmResp};
use tokio::time::interval;
use turmoil::net::{TcpListener, TcpStream};

use super::book::Book;
use super::chance::Chance;
use super::hosts::CARRIER_PORT;

pub(super) async fn run(book: Arc<Book>, seed: u64) -> turmoil::Result {
    let listener = TcpListener::bind(("0.0.0.0", CARRIER_PORT)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let number = {
            let mut pages = book.open();
            pages.sessions += 1;
            pages.sessions
        };
        let session = Session {
            book: Arc::clone(&book),
            number,
            open: Vec::new(),
            unanswered: Vec::new(),
            chance: Chance::of(seed ^ number),
        };
        tokio::spawn(session.run(stream));
    }
}

struct Session {
    book: Arc<Book>,
    number: u64,
    /// Receipts that are on their way on this session, by their token.
    open: Vec<Option<(String, String)>>,
    /// What waits for its answer.
    unanswered: Vec<(Asked, String)>,
    chance: Chance,
}

impl Session {
    async fn run(mut self, stream: TcpStream) {
        let options = Options {
            window_out: 20,
            enquire_link: Duration::from_secs(1),
            response: Duration::from_secs(2),
            ..Options::default()
        };
        let mut connection = Connection::new(stream, Role::Mc, options);
        let (mut is_bound, mut pace) = (false, interval(Duration::from_millis(30)));
        loop {
            let is_over = tokio::select! {
                ready = connection.ready() => ready.is_err(),
                _ = pace.tick(), if is_bound => {
                    self.answer(&mut connection);
                    self.deliver(&mut connection);
                    false
                }
            };
            let mut submitted = Vec::new();
            while let Some(event) = connection.take() {
                match event {
                    Event::Bind(request) => {
                        let asked = request.asked;
                        connection.accept_bind(asked, b"carrier");
                        is_bound = true;
                    }
                    Event::Request { asked, frame } if asked.id == CommandId::SUBMIT_SM => {
                        let (message, _) = SubmitSm::read(frame.body()).unwrap();
                        let text = String::from_utf8(message.short_message.to_vec()).unwrap();
                        submitted.push((asked, text));
                    }
                    Event::Answered { token, frame } => {
                        let status = frame.status();
                        self.told(token, status);
                    }
                    _ => {}
                }
            }
            for (asked, text) in submitted {
                self.take(&mut connection, asked, text);
            }
            if is_over {
                break;
            }
        }
    }

    fn take(&mut self, connection: &mut Connection<TcpStream>, asked: Asked, text: String) {
        let id = format!("{:x}-{}", self.number, asked.sequence);
        let mut pages = self.book.open();
        pages.take(&text, self.number);
        pages.owed.push((text, id.clone()));
        drop(pages);
        if self.chance.below(5) == 0 {
            self.book.open().early_receipts += 1;
            self.deliver(connection);
        }
        self.unanswered.push((asked, id));
    }

    /// A carrier takes a moment for its answers, in which much can happen.
    fn answer(&mut self, connection: &mut Connection<TcpStream>) {
        for (asked, id) in self.unanswered.drain(..) {
            let answer = SubmitSmResp { message_id: id.as_bytes(), ..SubmitSmResp::default() };
            connection.respond(asked, CommandStatus::OK, &answer);
        }
    }

    /// Sends the newest receipts first, and the rest some other time.
    fn deliver(&mut self, connection: &mut Connection<TcpStream>) {
        let mut pages = self.book.open();
        for _ in 0..connection.window_free().min(5) {
            let Some((text, id)) = pages.owed.pop() else { return };
            let words = format!(
                "id:{id} sub:001 dlvrd:001 submit date:2603011200 done date:2603011201 stat:DELIVRD err:000 text:"
            );
            let receipt = DeliverSm {
                esm_class: EsmClass::RECEIPT,
                short_message: words.as_bytes(),
                ..DeliverSm::default()
            };
            if connection.request(&receipt, self.open.len() as u64).is_err() {
                pages.owed.push((text, id));
                return;
            }
            self.open.push(Some((text, id)));
        }
    }

    fn told(&mut self, token: u64, status: CommandStatus) {
        let Some((text, id)) = self.open.get_mut(token as usize).and_then(Option::take) else { return };
        if status != CommandStatus::OK {
            self.book.open().owed.insert(0, (text, id));
        }
    }
}

impl Drop for Session {
    /// However it ended, what was not answered is owed again.
    fn drop(&mut self) {
        self.book.open().owed.extend(std::mem::take(&mut self.open).into_iter().flatten());
    }
}

//! A small application bound to a carrier: sends, and writes down what it hears, in order.

use std::{net::SocketAddr, time::Duration};

use smpp_tokio::{Asked, Connection, Ended, Event, Options, Role};
use smpp_wire::{
    Address, Bind, BindMode, CommandId, CommandStatus, DeliverSm, DeliverSmResp, EsmClass, InterfaceVersion,
    RegisteredDelivery, SubmitSm, SubmitSmResp, Tag,
};
use tokio::{net::TcpStream, time::timeout};

/// What the application heard.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    Answer { token: u64, status: u32, id: String },
    Receipt { id: String, stat: String, err: String, state: Option<u32>, class: u8 },
    Message { from: String, to: String, octets: Vec<u8>, class: u8, data_coding: u8 },
    Ended(Ended),
}

pub(crate) struct Esme {
    conn: Connection<TcpStream>,
    pub(crate) heard: Vec<Heard>,
    /// What deliver_sm are answered with.
    pub(crate) answers: CommandStatus,
}

/// Nothing on loopback takes longer.
const LONG: Duration = Duration::from_secs(10);

impl Esme {
    pub(crate) async fn bound(addr: SocketAddr, mode: BindMode, system_id: &str) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        let mut conn = Connection::new(stream, Role::Esme, Options::default());
        let bind = Bind {
            mode,
            system_id: system_id.as_bytes(),
            password: b"any",
            interface_version: InterfaceVersion::V3_4,
            ..Bind::default()
        };
        conn.request(&bind, 0).unwrap();
        let mut esme = Self { conn, heard: Vec::new(), answers: CommandStatus::OK };
        while !esme.conn.state().is_bound() {
            esme.round().await;
        }
        esme
    }

    pub(crate) async fn trx(addr: SocketAddr) -> Self {
        Self::bound(addr, BindMode::Transceiver, "app").await
    }

    /// Sends one message that asks for a receipt.
    pub(crate) fn submit(&mut self, token: u64, to: &str, text: &[u8]) {
        self.send(
            token,
            &SubmitSm { registered_delivery: RegisteredDelivery::FINAL, short_message: text, ..message(to) },
        );
    }

    pub(crate) fn send(&mut self, token: u64, message: &SubmitSm<'_>) {
        self.conn.request(message, token).unwrap();
    }

    /// Hears until `enough` says so.
    pub(crate) async fn hear_until(&mut self, enough: impl Fn(&[Heard]) -> bool) -> &[Heard] {
        let heard = timeout(LONG, async {
            while !enough(&self.heard) {
                self.round().await;
            }
        });
        if heard.await.is_err() {
            panic!("not enough was heard: {:?}", self.heard);
        }
        &self.heard
    }

    pub(crate) async fn hear(&mut self, count: usize) -> &[Heard] {
        self.hear_until(|heard| heard.len() >= count).await
    }

    /// Hears for as long as `time`, whatever comes.
    pub(crate) async fn hear_for(&mut self, time: Duration) -> &[Heard] {
        let _ = timeout(time, async {
            loop {
                self.round().await;
            }
        })
        .await;
        &self.heard
    }

    async fn round(&mut self) {
        if matches!(self.heard.last(), Some(Heard::Ended(_))) {
            return std::future::pending().await;
        }
        if let Err(ended) = self.conn.ready().await {
            return self.heard.push(Heard::Ended(ended));
        }
        let mut asked = Vec::new();
        while let Some(event) = self.conn.take() {
            match event {
                Event::Answered { token, frame } if frame.id() == CommandId::SUBMIT_SM_RESP => {
                    let id = SubmitSmResp::read(frame.body()).unwrap().0.message_id;
                    let id = String::from_utf8(id.to_vec()).unwrap();
                    self.heard.push(Heard::Answer { token, status: frame.status().0, id });
                }
                Event::Request { asked: to, frame } => {
                    self.heard.push(heard(&DeliverSm::read(frame.body()).unwrap().0));
                    asked.push(to);
                }
                _ => {}
            }
        }
        asked.into_iter().for_each(|asked| self.answer(asked));
    }

    fn answer(&mut self, asked: Asked) {
        match self.answers {
            CommandStatus::OK => self.conn.respond(asked, CommandStatus::OK, &DeliverSmResp::default()),
            status => self.conn.refuse(asked, status),
        }
    }
}

pub(crate) fn message(to: &str) -> SubmitSm<'_> {
    SubmitSm {
        source: Address::try_from("ACME").unwrap(),
        destination: Address::try_from(to).unwrap(),
        ..SubmitSm::default()
    }
}

fn heard(message: &DeliverSm<'_>) -> Heard {
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let class = message.esm_class;
    if !class.is_receipt() && !class.is_intermediate_notification() {
        return Heard::Message {
            from: text(message.source.digits),
            to: text(message.destination.digits),
            octets: message.user_data().to_vec(),
            class: class.without_udh().0 | class.0 & EsmClass::UDH.0,
            data_coding: message.data_coding.0,
        };
    }
    let read = sms_text::receipt::read(message.user_data()).unwrap_or_default();
    let id = message.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).map(|tlv| tlv.c_string());
    Heard::Receipt {
        id: text(read.id.or(id).unwrap_or_default()),
        stat: text(read.stat.unwrap_or_default()),
        err: text(read.err.unwrap_or_default()),
        state: message.tlvs.get(Tag::MESSAGE_STATE).and_then(|tlv| tlv.integer()),
        class: class.0,
    }
}

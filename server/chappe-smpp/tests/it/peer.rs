//! One end of a session, led by hand.

use std::net::SocketAddr;
use std::time::Duration;

use smpp_tokio::{Asked, Connection, Ended, Event, Options, Role};
use smpp_wire::{
    Address, Bind, BindMode, Body, CommandId, CommandStatus, DeliverSm, DeliverSmResp, EsmClass, Frame,
    InterfaceVersion, RegisteredDelivery, SubmitSm, SubmitSmResp,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::error::Elapsed;
use tokio::time::timeout;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a peer hears.
#[derive(Debug)]
pub(crate) enum Said {
    Bind(Asked, Frame),
    Asked(Asked, Frame),
    Answered(Frame),
    Nacked(CommandStatus),
    Ended(Ended),
}

pub(crate) struct Peer(pub(crate) Connection);

impl Peer {
    pub(crate) async fn connect(to: SocketAddr) -> Self {
        let options = Options { drain: Duration::from_millis(200), ..Options::default() };
        Self::connect_with(to, options).await
    }

    pub(crate) async fn connect_with(to: SocketAddr, options: Options) -> Self {
        let stream = TcpStream::connect(to).await.unwrap();
        Self(Connection::new(stream.into(), Role::Esme, options))
    }

    /// The next connection of a link, before its bind is answered.
    pub(crate) async fn called(listener: &TcpListener) -> Self {
        Self::called_in(listener, InterfaceVersion::V3_4).await
    }

    /// The same as a carrier of this version.
    pub(crate) async fn called_in(listener: &TcpListener, interface_version: InterfaceVersion) -> Self {
        let (stream, _) = timeout(PATIENCE, listener.accept()).await.expect("a call").unwrap();
        let options = Options { interface_version, ..Options::default() };
        Self(Connection::new(stream.into(), Role::Mc, options))
    }

    /// The next connection of a link, bound.
    pub(crate) async fn bound(listener: &TcpListener) -> Self {
        let mut peer = Self::called(listener).await;
        let Said::Bind(asked, _) = peer.hears().await else { panic!("no bind") };
        peer.0.accept_bind(asked, b"carrier");
        peer.0.flush().await.unwrap();
        peer
    }

    pub(crate) async fn hears(&mut self) -> Said {
        timeout(PATIENCE, self.next()).await.expect("something to hear")
    }

    /// Whether nothing comes for a while.
    pub(crate) async fn hears_nothing(&mut self) -> bool {
        timeout(Duration::from_millis(150), self.next()).await.is_err()
    }

    /// What comes within a moment.
    pub(crate) async fn hears_soon(&mut self) -> Result<Said, Elapsed> {
        timeout(Duration::from_millis(300), self.next()).await
    }

    async fn next(&mut self) -> Said {
        loop {
            while let Some(event) = self.0.take() {
                match event {
                    Event::Bind(request) => {
                        let frame =
                            Frame::write(CommandStatus::OK, request.asked.sequence, &request.bind).unwrap();
                        return Said::Bind(request.asked, frame);
                    }
                    Event::Request { asked, frame } => return Said::Asked(asked, frame.to_frame()),
                    Event::Answered { frame, .. } => return Said::Answered(frame.to_frame()),
                    Event::Nacked { status, .. } => return Said::Nacked(status),
                    _ => {}
                }
            }
            if let Err(ended) = self.0.ready().await {
                return Said::Ended(ended);
            }
        }
    }

    pub(crate) async fn binds(&mut self, mode: BindMode, system_id: &str, password: &str) -> CommandStatus {
        let bind = Bind {
            mode,
            system_id: system_id.as_bytes(),
            password: password.as_bytes(),
            interface_version: InterfaceVersion::V3_4,
            ..Bind::default()
        };
        self.asks(&bind).await.status()
    }

    /// Sends a request and waits for its answer.
    pub(crate) async fn asks(&mut self, body: &impl Body) -> Frame {
        self.says(body);
        match self.hears().await {
            Said::Answered(frame) => frame,
            other => panic!("no answer but {other:?}"),
        }
    }

    /// Submits a message that asks for a receipt.
    pub(crate) async fn submits(&mut self, to: &str) -> Frame {
        self.asks(&hello(to)).await
    }

    pub(crate) fn says(&mut self, body: &impl Body) -> u32 {
        self.0.request(body, 0).unwrap()
    }

    /// The next submit_sm, answered with this id.
    pub(crate) async fn takes_submit(&mut self, id: &str) -> Frame {
        let (asked, frame) = self.is_asked(CommandId::SUBMIT_SM).await;
        let body = SubmitSmResp { message_id: id.as_bytes(), ..SubmitSmResp::default() };
        self.0.respond(asked, CommandStatus::OK, &body);
        self.0.flush().await.unwrap();
        frame
    }

    /// The next deliver_sm, answered with this status.
    pub(crate) async fn takes_deliver(&mut self, status: CommandStatus) -> Frame {
        let (asked, frame) = self.is_asked(CommandId::DELIVER_SM).await;
        match status {
            CommandStatus::OK => self.0.respond(asked, status, &DeliverSmResp::default()),
            refused => self.0.refuse(asked, refused),
        }
        self.0.flush().await.unwrap();
        frame
    }

    pub(crate) async fn is_asked(&mut self, id: CommandId) -> (Asked, Frame) {
        match self.hears().await {
            Said::Asked(asked, frame) if asked.id == id => (asked, frame),
            other => panic!("no {id:?} but {other:?}"),
        }
    }
}

/// A message that asks for a receipt.
pub(crate) fn hello(to: &str) -> SubmitSm<'_> {
    SubmitSm {
        source: Address::try_from("ACME").unwrap(),
        destination: Address::try_from(to).unwrap(),
        registered_delivery: RegisteredDelivery::FINAL,
        short_message: b"hello",
        ..SubmitSm::default()
    }
}

/// A carrier's receipt that this message was delivered.
pub(crate) fn delivered(id: &str) -> Vec<u8> {
    format!(
        "id:{id} sub:001 dlvrd:001 submit date:2603011200 done date:2603011201 stat:DELIVRD err:000 text:"
    )
    .into_bytes()
}

pub(crate) fn receipt(text: &[u8]) -> DeliverSm<'_> {
    DeliverSm { esm_class: EsmClass::RECEIPT, short_message: text, ..DeliverSm::default() }
}

pub(crate) fn message_id(answer: &Frame) -> String {
    let (answer, _) = SubmitSmResp::read(answer.body()).unwrap();
    String::from_utf8(answer.message_id.to_vec()).unwrap()
}

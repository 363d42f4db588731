//! The connection that the caller's task drives.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use smpp_tokio::wire::{Bind, BindMode, CommandId, CommandStatus, DeliverSm, Frame, SubmitSm, SubmitSmResp};
use smpp_tokio::{BindRequest, Connection, Ended, Event, NotQueued, OpenRequest, Options, Role, State};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};

type Pipe = Connection<DuplexStream>;

fn pair(esme: Options, mc: Options) -> (Pipe, Pipe) {
    let (here, there) = duplex(64 << 10);
    (Connection::new(here, Role::Esme, esme), Connection::new(there, Role::Mc, mc))
}

/// Binds the one to the other.
async fn bound(esme: Options, mc: Options) -> (Pipe, Pipe) {
    let (mut esme, mut mc) = pair(esme, mc);
    let mode = BindMode::Transceiver;
    esme.request(&Bind { mode, system_id: b"acme", ..Default::default() }, 0).unwrap();
    esme.flush().await.unwrap();
    mc.ready().await.unwrap();
    let Some(Event::Bind(BindRequest { asked, .. })) = mc.take() else { panic!("no bind") };
    mc.accept_bind(asked, b"centre");
    mc.flush().await.unwrap();
    esme.ready().await.unwrap();
    assert!(matches!(esme.take(), Some(Event::Answered { token: 0, .. })));
    assert!(esme.take().is_none() && mc.take().is_none());
    assert_eq!((esme.state(), mc.state()), (State::BoundTrx, State::BoundTrx));
    (esme, mc)
}

fn submit() -> SubmitSm<'static> {
    SubmitSm { short_message: b"hello", ..Default::default() }
}

#[tokio::test]
async fn a_thousand_messages_leave_in_one_write_and_are_answered_in_another() {
    let options = Options { window_out: 1000, window_in: 1000, ..Options::default() };
    let (here, there) = duplex(1 << 20);
    let (mut esme, mut mc) =
        (Connection::new(here, Role::Esme, options.clone()), Connection::new(there, Role::Mc, options));
    esme.request(&Bind::default(), 0).unwrap();
    esme.flush().await.unwrap();
    mc.ready().await.unwrap();
    let Some(Event::Bind(BindRequest { asked, .. })) = mc.take() else { panic!("no bind") };
    mc.accept_bind(asked, b"centre");
    mc.flush().await.unwrap();
    esme.ready().await.unwrap();
    assert!(esme.take().is_some());
    for token in 0..1000 {
        esme.request(&submit(), token).unwrap();
    }
    assert_eq!(esme.request(&submit(), 1000), Err(NotQueued::WindowFull));
    esme.flush().await.unwrap();
    let mut heard = 0;
    while heard < 1000 {
        mc.ready().await.unwrap();
        while let Some(event) = mc.take() {
            let Event::Request { asked, .. } = event else { panic!("{event:?}") };
            heard += 1;
            mc.respond(asked, CommandStatus::OK, &SubmitSmResp { message_id: b"1", ..Default::default() });
        }
    }
    assert_eq!(mc.unanswered(), 0);
    mc.flush().await.unwrap();
    let mut tokens = Vec::new();
    while tokens.len() < 1000 {
        esme.ready().await.unwrap();
        while let Some(event) = esme.take() {
            let Event::Answered { token, frame } = event else { panic!("{event:?}") };
            assert!(frame.status().is_ok());
            tokens.push(token);
        }
    }
    assert!(tokens.into_iter().eq(0..1000));
    assert_eq!(esme.window_used(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_unanswered_message_is_given_up_after_ten_seconds() {
    let (mut esme, _mc) = bound(Options::default(), Options::default()).await;
    esme.request(&submit(), 42).unwrap();
    let started = tokio::time::Instant::now();
    esme.ready().await.unwrap();
    assert!(matches!(esme.take(), Some(Event::Unanswered { token: 42 })));
    assert_eq!(started.elapsed().as_secs(), 10);
    assert_eq!(esme.window_used(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_time_between_two_waits_does_not_count_against_a_request() {
    let (mut esme, _mc) = bound(Options::default(), Options::default()).await;
    let idle = tokio::time::timeout(Duration::from_secs(25), esme.ready()).await;
    assert!(idle.is_err(), "nothing happens for 25 s");
    esme.request(&submit(), 1).unwrap();
    let started = tokio::time::Instant::now();
    while !matches!(esme.take(), Some(Event::Unanswered { token: 1 })) {
        esme.ready().await.unwrap();
    }
    assert!(started.elapsed() >= Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_let_go() {
    let (mut esme, _mc) = bound(Options::default(), Options::default()).await;
    let started = tokio::time::Instant::now();
    while esme.ready().await.is_ok() {
        assert!(esme.take().is_none());
    }
    assert_eq!(started.elapsed().as_secs(), 40);
    assert_eq!(esme.ready().await, Err(Ended::PeerSilent), "the same again");
}

#[tokio::test(start_paused = true)]
async fn two_idle_sides_keep_each_other_company() {
    let (mut esme, mut mc) = bound(Options::default(), Options::default()).await;
    let both = async {
        tokio::join!(hears_nothing(&mut esme), hears_nothing(&mut mc));
    };
    assert!(tokio::time::timeout(Duration::from_secs(3600), both).await.is_err());
    assert!(mc.stats().enquiries + esme.stats().enquiries > 100);
}

/// Waits for ever; panics at an event or at the end.
async fn hears_nothing(side: &mut Pipe) {
    loop {
        side.ready().await.unwrap();
        assert!(side.take().is_none());
    }
}

#[tokio::test]
async fn what_was_open_when_the_peer_closed_is_told() {
    let (mut esme, mc) = bound(Options::default(), Options::default()).await;
    esme.request(&submit(), 1).unwrap();
    esme.flush().await.unwrap();
    esme.request(&submit(), 2).unwrap();
    drop(mc);
    assert_eq!(esme.ready().await, Err(Ended::PeerClosed));
    let open: Vec<OpenRequest> = esme.drain_open().collect();
    assert_eq!(open, [OpenRequest { token: 1, sent: true }, OpenRequest { token: 2, sent: false }]);
}

#[tokio::test]
async fn a_full_output_takes_no_more_and_says_when_there_is_room() {
    let options = Options { output_max: 1000, window_out: 100_000, ..Options::default() };
    let (mut esme, mut mc) = bound(options, Options::default()).await;
    let refused = (0..).find_map(|token| esme.request(&submit(), token).err());
    assert_eq!(refused, Some(NotQueued::OutputFull));
    esme.ready().await.unwrap();
    assert!(esme.request(&submit(), 1).is_ok());
    mc.ready().await.unwrap();
}

#[tokio::test]
async fn both_sides_may_ask_at_once() {
    let (mut esme, mut mc) = bound(Options::default(), Options::default()).await;
    esme.request(&submit(), 1).unwrap();
    mc.request(&DeliverSm::default(), 2).unwrap();
    esme.flush().await.unwrap();
    mc.flush().await.unwrap();
    for side in [&mut esme, &mut mc] {
        side.ready().await.unwrap();
        let Some(Event::Request { asked, .. }) = side.take() else { panic!("no request") };
        side.refuse(asked, CommandStatus::THROTTLED);
        side.flush().await.unwrap();
        while side.take().is_some() {}
    }
    esme.ready().await.unwrap();
    let Some(Event::Answered { token: 1, frame }) = esme.take() else { panic!("no answer") };
    assert_eq!(frame.status(), CommandStatus::THROTTLED);
}

#[tokio::test]
async fn leaving_ends_both_sides_in_peace() {
    let (mut esme, mut mc) = bound(Options::default(), Options::default()).await;
    esme.begin_unbind();
    let mc = tokio::spawn(async move {
        while mc.ready().await.is_ok() {
            while mc.take().is_some() {}
        }
        mc.ready().await
    });
    while esme.ready().await.is_ok() {
        while esme.take().is_some() {}
    }
    assert_eq!(esme.ready().await, Err(Ended::Unbound));
    assert_eq!(mc.await.unwrap(), Err(Ended::Unbound));
}

/// A peer that never pauses, and may take nothing.
#[derive(Debug)]
struct Restless {
    /// What it says, again and again.
    says: Vec<u8>,
    reads: bool,
    /// How often it was offered something to read.
    offers: usize,
}

impl AsyncRead for Restless {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.says.is_empty() {
            return Poll::Pending;
        }
        buf.put_slice(&self.says);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Restless {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        self.offers += 1;
        if self.reads { Poll::Ready(Ok(octets.len())) } else { Poll::Pending }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_never_stops_talking_has_to_bind_in_time_all_the_same() {
    let says = Frame::header_only(CommandId::ENQUIRE_LINK, CommandStatus::OK, 1).bytes().to_vec();
    let mut mc = Connection::new(Restless { says, reads: true, offers: 0 }, Role::Mc, Options::default());
    tokio::time::advance(Options::default().session_init).await;
    for _ in 0..1000 {
        if let Err(ended) = mc.ready().await {
            return assert_eq!(ended, Ended::NotBound);
        }
        while mc.take().is_some() {}
    }
    panic!("still connected after {} answers", mc.stats().pdus_out);
}

#[tokio::test(start_paused = true)]
async fn an_overdue_request_does_not_make_a_stalled_flush_spin() {
    let deaf = Restless { says: Vec::new(), reads: false, offers: 0 };
    let options = Options { response: Duration::from_secs(10), ..Options::default() };
    let mut esme = Connection::new(deaf, Role::Esme, options);
    esme.request(&Bind::default(), 0).unwrap();
    tokio::time::advance(Duration::from_secs(5)).await;
    assert!(tokio::time::timeout(Duration::from_millis(1), esme.flush()).await.is_err());
    tokio::time::advance(Duration::from_secs(6)).await;
    let mut flush = Box::pin(esme.flush());
    assert!(flush.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(flush);
    assert!(esme.io().offers < 10, "{} tries to write", esme.io().offers);
    assert_eq!(esme.flush().await, Err(Ended::WriteStalled));
}

#[tokio::test]
async fn a_connection_that_is_shown_shows_no_password() {
    let (mut esme, mut mc) = pair(Options::default(), Options::default());
    esme.request(&Bind { password: b"secret", ..Default::default() }, 0).unwrap();
    esme.flush().await.unwrap();
    mc.ready().await.unwrap();
    let shown = format!("{:?}", mc.session()) + &format!("{mc:?}").replace("DuplexStream", "");
    assert!(!shown.contains("115, 101, 99, 114, 101, 116"), "{shown}");
}

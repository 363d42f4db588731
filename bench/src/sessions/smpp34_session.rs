//! smpp34's client against its server: as many tasks as the window has places, each submitting and waiting.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use smpp34::client::{BIND_TYPE, SMSC, SmppClient, SmppClientListener};
use smpp34::{
    SmppConnectionInformation, SmppServer, SmppServerListener, bind_transceiver, bind_transceiver_resp,
    submit_sm, submit_sm_resp,
};
use tokio::sync::oneshot;

use crate::ours::runtime;

pub(crate) fn run(window: usize, time: Duration) -> u64 {
    let port = free_port();
    let (stop, stopped) = oneshot::channel::<()>();
    let (ready, started) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        runtime().block_on(async {
            let mut server = SmppServer::new(IpAddr::from([127, 0, 0, 1]), port, Arc::new(Centre));
            server.start().await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            ready.send(()).expect("somebody waits for it");
            drop(stopped.await);
            server.stop().await;
        });
    });
    started.recv().expect("the server starts");
    let answered = runtime().block_on(submit(port, window, time));
    drop(stop);
    server.join().expect("the server ends when it is told to");
    answered
}

async fn submit(port: u16, window: usize, time: Duration) -> u64 {
    let (tell, bound) = oneshot::channel();
    let listener = Arc::new(Binder(Mutex::new(Some(tell))));
    let text = |text: &str| text.to_owned();
    let mut client = SmppClient::new(
        text("127.0.0.1"),
        port,
        false,
        BIND_TYPE::TRX,
        text("bench"),
        text("bench"),
        text(""),
        1,
        1,
        text(""),
        listener,
        window,
    );
    client.start().await;
    let centre = bound.await.expect("a bind");
    let until = Instant::now() + time;
    let tasks: Vec<_> = (0..window).map(|_| tokio::spawn(one_by_one(Arc::clone(&centre), until))).collect();
    let mut answered = 0;
    for task in tasks {
        answered += task.await.expect("a task that submits");
    }
    client.stop().await;
    answered
}

async fn one_by_one(centre: Arc<SMSC>, until: Instant) -> u64 {
    let mut answered = 0;
    while Instant::now() < until {
        let request = centre.submit_sm().source_addr("CHAPPE").destination_addr("385911234567");
        let request = request.short_message(b"Your code is 123456. Do not give it to anybody, whoever asks.");
        answered += u64::from(request.send().await.is_ok());
    }
    answered
}

/// A port that was free a moment ago; its server takes no listener.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

struct Centre;

#[async_trait]
impl SmppServerListener for Centre {
    async fn on_bind_transceiver(
        &self,
        request: bind_transceiver,
        _: &SmppConnectionInformation,
        _: &String,
    ) -> bind_transceiver_resp {
        request.accept("bench".to_owned(), Some(0x34))
    }

    async fn on_submit_sm(
        &self,
        request: submit_sm,
        _: &SmppConnectionInformation,
        _: &String,
    ) -> submit_sm_resp {
        request.accept("00000000000000a1".to_owned())
    }
}

struct Binder(Mutex<Option<oneshot::Sender<Arc<SMSC>>>>);

#[async_trait]
impl SmppClientListener for Binder {
    async fn on_smsc_bound(&self, centre: SMSC, _: &String) {
        let tell = self.0.lock().expect("nobody panics with it").take();
        if let Some(tell) = tell {
            drop(tell.send(Arc::new(centre)));
        }
    }
}

//! The client of a running centre's control socket.

use std::io;
use std::path::PathBuf;

use chappe_api::Problem;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;

use crate::exit::Exit;
use crate::paths;
use crate::ui::{Trouble, Ui};

/// Where the centre is that a verb speaks with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Data {
    /// The data directory of the centre; that of `chappe dev` unless given.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// The control socket of one centre.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    data: PathBuf,
}

/// Why a centre did not do what it was asked.
#[derive(Debug)]
pub(crate) enum NotDone {
    /// Nothing answers there.
    NotRunning { data: PathBuf, error: io::Error },
    /// It said no.
    Refused(Problem),
    /// What it said cannot be understood.
    Garbled(String),
}

/// An answer is never longer than this.
const ANSWER_OCTETS_MAX: usize = 64 << 20;

impl Control {
    /// The centre that has this data directory.
    pub(crate) fn of(data: Data) -> Self {
        Self { data: data.data.unwrap_or_else(paths::dev_data) }
    }

    /// Asks for something.
    ///
    /// # Errors
    ///
    /// [`NotDone`].
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, NotDone> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    /// Has something done.
    ///
    /// # Errors
    ///
    /// [`NotDone`]; garbled, it may have been done.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, NotDone> {
        let body = serde_json::to_vec(body).map_err(garbled)?;
        self.ask(Method::POST, path, body.into()).await
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<T, NotDone> {
        let answer = self.send(method, path, body).await?;
        if answer.status() != StatusCode::OK {
            return Err(refusal(answer).await?);
        }
        serde_json::from_slice(&whole(answer).await?).map_err(garbled)
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<Answer, NotDone> {
        let stream = UnixStream::connect(paths::socket(&self.data))
            .await
            .map_err(|error| NotDone::NotRunning { data: self.data.clone(), error })?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(garbled)?;
        // It ends with the answer; what goes wrong with it shows in the answer.
        tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "chappe")
            .header("content-type", "application/json")
            .body(Full::new(body))
            .map_err(garbled)?;
        sender.send_request(request).await.map_err(garbled)
    }
}

type Answer = Response<Incoming>;

async fn whole(answer: Answer) -> Result<Bytes, NotDone> {
    let body = Limited::new(answer.into_body(), ANSWER_OCTETS_MAX);
    Ok(body.collect().await.map_err(garbled)?.to_bytes())
}

async fn refusal(answer: Answer) -> Result<NotDone, NotDone> {
    let status = answer.status();
    let body = whole(answer).await?;
    Ok(match serde_json::from_slice(&body) {
        Ok(problem) => NotDone::Refused(problem),
        Err(_) => garbled(format!("{status}: {}", String::from_utf8_lossy(&body))),
    })
}

fn garbled(error: impl std::fmt::Display) -> NotDone {
    NotDone::Garbled(error.to_string())
}

impl NotDone {
    /// Tells it, and how the verb ends.
    pub(crate) fn end(&self, ui: &Ui) -> Exit {
        match self {
            Self::NotRunning { data, error } => {
                let shown = paths::shown(data);
                let why = match error.kind() {
                    io::ErrorKind::NotFound => format!("there is no {}", paths::shown(&paths::socket(data))),
                    io::ErrorKind::ConnectionRefused => "its socket is there, and nobody listens".into(),
                    _ => error.to_string(),
                };
                let so = "start one: chappe dev      or name another's directory: --data DIR";
                ui.trouble(&Trouble::new(format!("no centre runs in {shown}")).why(why).so(so));
                Exit::Unreachable
            }
            Self::Refused(problem) => {
                ui.trouble(&Trouble::new(&problem.detail).why(&problem.reason));
                for line in &problem.problems {
                    ui.talk(format_args!("       {line}"));
                }
                match problem.status {
                    400 | 409 | 422 => Exit::Misused,
                    _ => Exit::Refused,
                }
            }
            Self::Garbled(why) => {
                let what = "the centre's answer makes no sense";
                ui.trouble(&Trouble::new(what).why(why).so("chappe --version, on both sides"));
                Exit::Failed
            }
        }
    }
}

//! A receiver of the account that notes whose receipts come, life after life.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::esme::{Esme, Heard};
use crate::frame::id;
use crate::frames::{Message, Mode};
use crate::setup::{PASSWORD, SYSTEM_ID};

/// Ids of the messages whose final receipt came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Home(Arc<Mutex<HashSet<String>>>);

impl Home {
    /// Takes receipts from the centre at `address` until that is gone.
    pub(crate) fn receives(&self, address: SocketAddr) {
        let home = self.clone();
        thread::spawn(move || {
            let Ok(mut esme) = Esme::bound_as(Mode::Receiver, address, SYSTEM_ID, PASSWORD) else { return };
            while let Ok(Heard::Frame(frame)) = esme.hear_within(PATIENCE) {
                if frame.id == id::DELIVER_SM
                    && let Some(id) = Message::read(&frame.body).as_ref().and_then(about)
                {
                    home.lock().insert(id);
                }
                if esme.accept(&frame).is_err() {
                    return;
                }
            }
        });
    }

    /// How many of these ids had no receipt.
    pub(crate) fn missing(&self, ids: &[String]) -> usize {
        let home = self.lock();
        ids.iter().filter(|id| !home.contains(*id)).count()
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id in the text of a receipt.
fn about(receipt: &Message) -> Option<String> {
    let text = receipt.as_text();
    text.contains("stat:DELIVRD").then(|| text.strip_prefix("id:")?.split(' ').next().map(str::to_owned))?
}

/// Longer than a centre is silent that has a receiver: it asks with enquire_link.
const PATIENCE: Duration = Duration::from_secs(120);

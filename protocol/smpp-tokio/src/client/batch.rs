//! Many messages in one call.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::ops::Deref;
use std::task::{Context, Poll};

use smpp_wire::{Body, SubmitSm};

use crate::client::answer::Answer;
use crate::client::shared::Shared;
use crate::client::wait::enter_all;
use crate::error::{NotSent, RequestError};

/// Messages that are encoded under one hold of the lock.
const HOLD_MAX: usize = 64;

/// Where turns come from: one session, or several.
pub(crate) trait Source {
    type Session: Deref<Target = Shared> + Clone;

    /// As many turns as there are without a wait, of one session and for the first of these messages.
    fn try_turns(&self, messages: &[SubmitSm<'_>]) -> Option<(Self::Session, usize)>;

    /// The next turn, for this message.
    async fn turn(&self, message: &SubmitSm<'_>) -> Result<Self::Session, NotSent>;
}

impl<'a> Source for &'a Shared {
    type Session = &'a Shared;

    fn try_turns(&self, messages: &[SubmitSm<'_>]) -> Option<(&'a Shared, usize)> {
        let turns = Shared::try_turns(self, messages);
        (turns > 0).then_some((*self, turns))
    }

    async fn turn(&self, message: &SubmitSm<'_>) -> Result<&'a Shared, NotSent> {
        Shared::turn(self, self.parts_of(message)).await?;
        Ok(*self)
    }
}

/// Sends all messages and gathers what became of them, in their order.
pub(crate) async fn submit_all<S: Source>(
    source: S,
    messages: &[SubmitSm<'_>],
) -> Vec<Result<Answer, RequestError>> {
    let mut batch = Batch { runs: VecDeque::new(), results: Vec::with_capacity(messages.len()) };
    let mut rest = messages;
    while let Some(first) = rest.first() {
        let (session, count) = match source.try_turns(rest) {
            Some(turns) => turns,
            None => tokio::select! {
                biased;
                // What is answered meanwhile is fetched: its place is needed.
                () = poll_fn(|cx| batch.poll_some(cx)) => continue,
                turn = source.turn(first) => match turn {
                    Ok(session) => (session, 1),
                    Err(why) => {
                        batch.fails(why);
                        rest = &rest[1..];
                        continue;
                    }
                },
            },
        };
        let (here, later) = rest.split_at(count);
        rest = later;
        for some in here.chunks(HOLD_MAX) {
            batch.enters(&session, some);
        }
    }
    while !batch.runs.is_empty() {
        poll_fn(|cx| batch.poll_some(cx)).await;
    }
    std::mem::take(&mut batch.results)
}

/// What is under way, oldest first, and what has come of those before.
#[derive(Debug)]
struct Batch<S: Deref<Target = Shared>> {
    runs: VecDeque<Run<S>>,
    results: Vec<Result<Answer, RequestError>>,
}

/// Messages next to each other that went to one session.
#[derive(Debug)]
struct Run<S> {
    session: S,
    places: VecDeque<Result<usize, NotSent>>,
}

impl<S: Deref<Target = Shared> + Clone> Batch<S> {
    /// Queues messages that have their turn.
    fn enters(&mut self, session: &S, messages: &[impl Body]) {
        match self.runs.back_mut() {
            Some(run) if std::ptr::eq::<Shared>(&*run.session, &**session) => {
                enter_all(session, messages, &mut run.places);
            }
            _ => {
                let mut places = VecDeque::new();
                enter_all(session, messages, &mut places);
                self.runs.push_back(Run { session: session.clone(), places });
            }
        }
    }

    /// Takes note of a message that had no turn.
    fn fails(&mut self, why: NotSent) {
        match self.runs.back_mut() {
            Some(run) => run.places.push_back(Err(why)),
            None => self.results.push(Err(why.into())),
        }
    }

    /// Ready when at least one result was fetched.
    fn poll_some(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let before = self.results.len();
        while let Some(run) = self.runs.front_mut() {
            if run.poll_all(cx, &mut self.results).is_pending() {
                break;
            }
            self.runs.pop_front();
        }
        if self.results.len() > before { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl<S: Deref<Target = Shared>> Run<S> {
    /// Fetches results in their order until one is not there.
    fn poll_all(
        &mut self,
        cx: &mut Context<'_>,
        results: &mut Vec<Result<Answer, RequestError>>,
    ) -> Poll<()> {
        let mut inner = self.session.lock();
        while let Some(place) = self.places.front() {
            let result = match *place {
                Ok(at) => std::task::ready!(inner.slots.poll(at, cx.waker())),
                Err(why) => Err(why.into()),
            };
            results.push(result);
            self.places.pop_front();
        }
        Poll::Ready(())
    }
}

/// What is under way goes on without us.
impl<S: Deref<Target = Shared>> Drop for Batch<S> {
    fn drop(&mut self) {
        for Run { session, places } in &self.runs {
            let mut inner = session.lock();
            places.iter().flatten().for_each(|at| inner.slots.abandon(*at));
        }
    }
}

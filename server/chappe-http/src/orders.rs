//! `POST /messages/order`: retry, reroute, reject.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Only, Order, Ordered, Ordering, Problem, Selection, Waits};
use chappe_core::LinkId;
use chappe_exchange::{Dead, Exchange, Kind, Run, Scope, Standing, Touched};

use crate::audit;
use crate::centre::Centre;
use crate::error::{Failed, of_store};
use crate::{names, parties, time};

pub(crate) async fn order(
    State(centre): State<Arc<Centre>>,
    Json(ordering): Json<Ordering>,
) -> Result<Json<Ordered>, Failed> {
    let exchange = &centre.exchange;
    let what = Hand::read(exchange, &ordering.order)?;
    let selection = selected(exchange, &ordering.selection)?;
    let preview = what.run(exchange, &selection, Run::Preview).await?;
    let matched = preview.count + preview.anew.len();
    let Some(at_most) = ordering.at_most else {
        return Ok(Json(ordered(exchange, matched, None, &preview)));
    };
    if matched > at_most {
        let detail =
            format!("{matched} messages fit by now, and at most {at_most} were to be touched; none was");
        return Err(Problem::new(409, "more_than_expected", detail).into());
    }
    let touched = what.run(exchange, &selection, Run::Act).await?;
    let done = touched.done + touched.anew.iter().filter(|anew| anew.id.is_some()).count();
    let described = describe(&ordering);
    audit::note(exchange, ordering.who, what.verb(), described, done).await?;
    Ok(Json(ordered(exchange, matched, Some(done), &preview)))
}

/// An order with its names read.
#[derive(Clone, Copy)]
enum Hand {
    Retry,
    Reroute(LinkId),
    Reject,
}

impl Hand {
    fn read(exchange: &Exchange, order: &Order) -> Result<Self, Failed> {
        Ok(match order {
            Order::Retry => Self::Retry,
            Order::Reroute { via } => Self::Reroute(parties::link(exchange, via)?),
            Order::Reject => Self::Reject,
        })
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Reroute(_) => "reroute",
            Self::Reject => "reject",
        }
    }

    async fn run(
        self,
        exchange: &Exchange,
        selection: &chappe_exchange::Selection,
        run: Run,
    ) -> Result<Touched, Failed> {
        let touched = match self {
            Self::Retry => exchange.retry(selection, run).await,
            Self::Reroute(link) => exchange.reroute(selection, link, run).await,
            Self::Reject => exchange.reject(selection, run).await,
        };
        touched.map_err(|error| of_store(&error))
    }
}

fn describe(ordering: &Ordering) -> String {
    let Selection { ids, target, account, only, reason } = &ordering.selection;
    let mut facts: Vec<String> = ids.iter().take(8).cloned().collect();
    if ids.len() > 8 {
        facts.push(format!("and {} more", ids.len() - 8));
    }
    let named = [("link", target), ("account", account), ("reason", reason)];
    facts.extend(named.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?))));
    facts.extend(only.map(|only| format!("only {}", stands(only))));
    if let Order::Reroute { via } = &ordering.order {
        facts.push(format!("via {via}"));
    }
    facts.join(", ")
}

fn stands(only: Only) -> &'static str {
    match only {
        Only::Waiting => "waiting",
        Only::InDoubt => "in_doubt",
        Only::Held => "held",
        Only::Sent => "sent",
        Only::Scheduled => "scheduled",
        Only::Collecting => "collecting",
        Only::Dead => "dead",
    }
}

/// Dead messages that one order takes at most.
const DEAD_MAX: usize = 10_000;

fn selected(exchange: &Exchange, selection: &Selection) -> Result<chappe_exchange::Selection, Failed> {
    if *selection == Selection::default() {
        let detail = "without ids, target, account, state or reason it would be every message of the centre";
        return Err(Problem::new(422, "nothing_selected", detail).into());
    }
    let Selection { ids, target, account, only, reason } = selection;
    let mut read = chappe_exchange::Selection {
        target: target.as_deref().map(|name| parties::target(exchange, name)).transpose()?,
        account: account.as_deref().map(|name| parties::account(exchange, name)).transpose()?,
        ids: ids.iter().map(|id| parties::id(id)).collect::<Result<_, _>>()?,
        kind: only.map_or(Kind::Any, kind),
        reason: reason.as_deref().map(parties::reason).transpose()?,
    };
    if *only == Some(Only::Dead) {
        if read.account.is_some() {
            let detail = "dead messages are not known by their account: give ids, a link or a reason";
            return Err(Problem::new(422, "not_with_dead", detail).into());
        }
        let meant = |dead: &Dead| {
            (read.ids.is_empty() || read.ids.contains(&exchange.store().id(dead.sequence)))
                && read.target.is_none_or(|target| dead.target == target)
                && read.reason.is_none_or(|reason| dead.reason == reason)
        };
        let dead = exchange.store().dead(DEAD_MAX).into_iter().filter(meant);
        let ids = dead.map(|dead| exchange.store().id(dead.sequence)).collect();
        // Of a kind that no hand touches: where nothing is dead it must not be every message of the centre.
        read = chappe_exchange::Selection { ids, kind: Kind::OnItsWay, ..Default::default() };
    }
    Ok(read)
}

fn kind(only: Only) -> Kind {
    match only {
        Only::Waiting => Kind::Waiting,
        Only::InDoubt => Kind::InDoubt,
        Only::Held => Kind::Held,
        Only::Sent => Kind::Sent,
        Only::Scheduled => Kind::Scheduled,
        Only::Collecting => Kind::Collecting,
        Only::Dead => Kind::Any,
    }
}

fn ordered(exchange: &Exchange, matched: usize, done: Option<usize>, preview: &Touched) -> Ordered {
    let anew = preview.anew.iter().filter_map(|anew| exchange.store().query(Scope::All, anew.of));
    let first = preview.first.iter().copied().chain(anew);
    Ordered { matched, done, first: first.map(|standing| waits(exchange, &standing)).collect() }
}

/// A message that is not over, in one line.
pub(crate) fn waits(exchange: &Exchange, standing: &Standing) -> Waits {
    let tried_again =
        matches!(standing.kind, Kind::Waiting | Kind::InDoubt | Kind::Scheduled | Kind::Receipt);
    Waits {
        id: exchange.store().id(standing.sequence).to_string(),
        target: names::target(exchange, standing.target),
        accepted: time::public(standing.accepted_at),
        stands: kind_name(standing.kind).to_owned(),
        due: tried_again.then(|| time::public(standing.due)),
        reason: standing.reason.map(|reason| reason.name().to_owned()),
        attempts: standing.attempts,
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Any | Kind::Waiting => "waiting",
        Kind::InDoubt => "in_doubt",
        Kind::Held => "held",
        Kind::Sent => "sent",
        Kind::Scheduled => "scheduled",
        Kind::Collecting => "collecting",
        Kind::Receipt => "receipt",
        Kind::OnItsWay => "on_its_way",
    }
}

/// `GET /dead`: the last messages that were given up.
pub(crate) async fn dead(State(centre): State<Arc<Centre>>) -> Json<Vec<Waits>> {
    const SHOWN: usize = 1_000;
    let exchange = &centre.exchange;
    let line = |dead: Dead| Waits {
        id: exchange.store().id(dead.sequence).to_string(),
        target: names::target(exchange, dead.target),
        accepted: time::public(dead.at),
        stands: "dead".to_owned(),
        due: None,
        reason: Some(dead.reason.name().to_owned()),
        attempts: 0,
    };
    Json(exchange.store().dead(SHOWN).into_iter().map(line).collect())
}

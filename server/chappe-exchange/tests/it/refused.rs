//! What is refused at the door is kept within a budget, over a restart.

use std::sync::Arc;
use std::time::Duration;

use chappe_core::{Address, Message, Reason, Timestamp};
use chappe_store::Store;

use crate::centre::{Centre, after, message, store};

fn refuses(centre: &mut Centre) {
    let bad = Message { destination: Address::default(), ..message("for nobody") };
    assert_eq!(centre.entry.offer(&bad, Timestamp::ZERO), Err(Reason::InvalidDestination));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_known_after_a_restart() {
    let store = store();
    let mut centre = Centre::over(Arc::clone(&store) as Arc<dyn Store>, |_| {}, |_| {});
    refuses(&mut centre);
    after(Duration::from_secs(3)).await;
    assert_eq!(store.refusals(9).unwrap().len(), 1);
    refuses(&mut centre);
    centre.exchange.stop(Duration::ZERO).await;
    let again = Centre::over(store, |_| {}, |_| {});
    let known = again.exchange.refused(9);
    assert_eq!(
        known.iter().map(|refused| refused.reason).collect::<Vec<_>>(),
        [Reason::InvalidDestination, Reason::InvalidDestination]
    );
    assert!(known[0].at > known[1].at, "the newest first");
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_bad_submits_writes_its_budget_and_no_more() {
    let store = store();
    let mut centre = Centre::over(Arc::clone(&store) as Arc<dyn Store>, |_| {}, |_| {});
    for _ in 0..20 {
        (0..5_000).for_each(|_| refuses(&mut centre));
        after(Duration::from_secs(1)).await;
    }
    let kept = store.refusals(100_000).unwrap().len();
    assert!((150..=230).contains(&kept), "{kept} of 100 000, at 10 a second");
}

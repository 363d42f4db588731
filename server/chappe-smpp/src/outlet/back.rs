//! The way back from an outlet to its dispatcher.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chappe_exchange::Reports;

use super::pool::Homeless;

/// There while the outlet is: it is taken out when the outlet goes, for the dispatcher lives as long as one copy does.
#[derive(Debug, Default)]
pub(crate) struct Back(Mutex<Option<Reports>>);

impl Back {
    /// The dispatcher began.
    pub(crate) fn attach(&self, reports: Reports) {
        *self.reports() = Some(reports);
    }

    /// The dispatcher may end.
    pub(crate) fn detach(&self) {
        self.reports().take();
    }

    /// What became of rows that no session could take.
    pub(crate) fn tell(&self, homeless: Homeless) {
        if !homeless.is_empty()
            && let Some(reports) = &*self.reports()
        {
            reports.outcomes(homeless);
        }
    }

    fn reports(&self) -> MutexGuard<'_, Option<Reports>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

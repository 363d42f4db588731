//! What a centre tells of itself on `/metrics`.

use std::net::SocketAddr;

use anyhow::{Context, Result};

use crate::hook;

/// The sum of a metric over its labels; the `_total` of a counter may be left off.
///
/// # Errors
///
/// Where the centre does not answer or has no such metric.
pub fn sum(http: SocketAddr, name: &str) -> Result<f64> {
    let text = hook::get(http, "/metrics")?;
    sum_of(&text, name).with_context(|| format!("{name} is not among the metrics of {http}"))
}

fn sum_of(text: &str, name: &str) -> Option<f64> {
    let total = format!("{name}_total");
    let value = |line: &str| {
        let (labelled, value) = line.rsplit_once(' ')?;
        let bare = labelled.split('{').next()?;
        (bare == name || bare == total).then(|| value.parse::<f64>().ok())?
    };
    text.lines().filter_map(value).reduce(|sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_summed_over_its_labels_and_told_from_its_neighbours() {
        let text = "# HELP a b\na_total{link=\"x y\"} 2\na_total{link=\"z\"} 3\na_seconds 9\n";
        assert_eq!(sum_of(text, "a"), Some(5.0));
        assert_eq!(sum_of(text, "b"), None);
    }
}

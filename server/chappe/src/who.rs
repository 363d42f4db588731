//! Who gives an order, for the audit.

/// The user's name as the environment has it. The control socket is for its owner alone, so that this is a note, not a
/// proof.
pub(crate) fn am_i() -> String {
    let name = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".into())
}

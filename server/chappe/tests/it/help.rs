//! `chappe help`: what it knows without a centre.

use crate::run::run;

#[test]
fn the_numbers_that_misbehave_are_listed_with_what_they_do() {
    let dir = tempfile::tempdir().unwrap();
    let told = run(dir.path(), &["help", "numbers"]);
    assert_eq!(told.status, 0, "{told:?}");
    for line in
        ["000088  throttled: ESME_RTHROTTLED 0x58", "001027  absent: UNDELIV err 027", "009000  phone off"]
    {
        assert!(told.out.contains(line), "{line}: {told:?}");
    }
    assert!(
        !told.out.contains('\x1b') && told.out.lines().all(|line| line.chars().count() <= 100),
        "{told:?}"
    );
    let objects = run(dir.path(), &["help", "numbers", "--json"]);
    let first: serde_json::Value = serde_json::from_str(objects.out.lines().next().unwrap()).unwrap();
    assert_eq!(first["ending"], "000ddd");
}

#[test]
fn help_on_a_verb_is_its_own_and_on_nothing_known_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let own = run(dir.path(), &["sim", "carrier", "--help"]);
    assert_eq!(run(dir.path(), &["help", "sim", "carrier"]).out, own.out);
    let unknown = run(dir.path(), &["help", "weather"]);
    assert_eq!(unknown.status, 1);
    assert!(unknown.err.contains("there is no help on weather"), "{unknown:?}");
}

//! Files and directories that cannot work: one clear sentence with the place, and exit status 1.

use std::fs;
use std::path::Path;
use std::process::Output;

use e2e::setup::Setup;
use e2e::{binary, centre, ports};

use crate::stand::Stand;

/// What a start with this file ends in.
fn serve(setup: &Setup, folder: &Path) -> Output {
    let file = centre::write(setup, folder).unwrap();
    binary::run(&["serve", "--config", file.to_str().unwrap()]).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The number of the line that holds `word`.
fn line_of(setup: &Setup, word: &str) -> usize {
    setup.to_toml().lines().position(|line| line.contains(word)).unwrap() + 1
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_key_that_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    let more = "\n[[account]]\nsystem_id = \"other\"\npassword = \"p\"\nwindowmax = 5\n".to_owned();
    let setup = Setup { more, ..Setup::below(folder.path()) };
    let output = serve(&setup, folder.path());
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("chappe.toml:{}", line_of(&setup, "windowmax"))), "{said}");
    assert!(said.contains("windowmax") && said.contains("window_max"), "{said}");
    assert!(!setup.data.exists(), "a bad file must not leave a data directory behind");
}

#[test]
fn a_route_to_a_link_that_is_not_there_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let more = "\n[[route]]\nname = \"lost\"\ndestination = [\"385*\"]\nvia = [\"carier\"]\n".to_owned();
    let setup = Setup { more, ..Setup::below(folder.path()) };
    let output = serve(&setup, folder.path());
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("carier") && said.contains("chappe.toml:"), "{said}");
}

#[test]
fn every_problem_of_a_file_is_told_at_once_by_check_too() {
    let folder = tempfile::tempdir().unwrap();
    let more =
        "\n[[route]]\nname = \"lost\"\ndestination = [\"385*\"]\nvia = [\"carier\"]\nfoo = 1\n".to_owned();
    let setup = Setup { more, ..Setup::below(folder.path()) };
    let file = centre::write(&setup, folder.path()).unwrap();
    let output = binary::run(&["check", file.to_str().unwrap()]).unwrap();
    let all = format!("{}{}", String::from_utf8_lossy(&output.stdout), said(&output));
    assert_eq!(output.status.code(), Some(1), "{all}");
    assert!(all.contains("carier") && all.contains("foo"), "{all}");
}

#[test]
fn a_good_file_passes_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let file = centre::write(&Setup::below(folder.path()), folder.path()).unwrap();
    let output = binary::run(&["check", file.to_str().unwrap()]).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = binary::run(&["serve", "--config", "nowhere/chappe.toml"]).unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("nowhere/chappe.toml"), "{}", said(&output));
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "not a directory").unwrap();
    let setup = Setup { data: file.join("data"), ..Setup::below(folder.path()) };
    let output = serve(&setup, folder.path());
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(setup.data.to_str().unwrap()), "{said}");
}

#[test]
fn a_directory_in_use_is_named_and_its_owner_goes_on() {
    let stand = Stand::up();
    let second = Setup { smpp: ports::free(), http: ports::free(), ..stand.setup.clone() };
    let elsewhere = tempfile::tempdir().unwrap();
    let output = serve(&second, elsewhere.path());
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(stand.setup.data.to_str().unwrap()) && said.contains("in use"), "{said}");
    stand.esme();
}

#[test]
fn a_port_in_use_is_named_in_three_lines() {
    let stand = Stand::up();
    let elsewhere = tempfile::tempdir().unwrap();
    let second = Setup { smpp: stand.setup.smpp, ..Setup::below(elsewhere.path()) };
    let output = serve(&second, elsewhere.path());
    let said = said(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&stand.setup.smpp.to_string()), "{said}");
    assert!(said.contains("error") && said.contains("why") && said.contains("so"), "{said}");
}

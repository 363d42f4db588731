//! How an address that is written down is taken, and how it prints.

use smpp_wire::{Address, NotAnAddress, Npi, Ton};

#[test]
fn type_and_plan_are_guessed_from_how_it_is_written() {
    let table = [
        ("+385911234567", Ton::INTERNATIONAL, Npi::ISDN, "385911234567"),
        ("385911234567", Ton::INTERNATIONAL, Npi::ISDN, "385911234567"),
        ("123456789", Ton::INTERNATIONAL, Npi::ISDN, "123456789"),
        ("12345678", Ton::UNKNOWN, Npi::UNKNOWN, "12345678"),
        ("12345", Ton::UNKNOWN, Npi::UNKNOWN, "12345"),
        ("0911234567", Ton::UNKNOWN, Npi::UNKNOWN, "0911234567"),
        ("ACME", Ton::ALPHANUMERIC, Npi::UNKNOWN, "ACME"),
        ("Acme 24", Ton::ALPHANUMERIC, Npi::UNKNOWN, "Acme 24"),
        ("+", Ton::ALPHANUMERIC, Npi::UNKNOWN, "+"),
        ("3859*", Ton::ALPHANUMERIC, Npi::UNKNOWN, "3859*"),
    ];
    for (text, ton, npi, digits) in table {
        assert_eq!(Address::try_from(text), Ok(Address { ton, npi, digits: digits.as_bytes() }), "{text}");
    }
}

#[test]
fn what_is_no_address_says_why() {
    let long = "1".repeat(21);
    assert_eq!(Address::try_from(""), Err(NotAnAddress::Empty));
    assert_eq!(Address::try_from(&long[..]), Err(NotAnAddress::TooLong { octets: 21 }));
    assert_eq!(Address::try_from("Čakovec"), Err(NotAnAddress::NotAscii));
    assert_eq!(Address::try_from("a\0b"), Err(NotAnAddress::NotAscii));
    assert!(Address::try_from(&long[..20]).is_ok());
}

#[test]
fn an_address_prints_as_it_would_be_dialled() {
    let print = |text| Address::try_from(text).unwrap().to_string();
    assert_eq!(print("385911234567"), "+385911234567");
    assert_eq!(print("12345"), "12345");
    assert_eq!(print("ACME"), "ACME");
    let odd = Address { ton: Ton::INTERNATIONAL, npi: Npi::ISDN, digits: b"+12\xFF" };
    assert_eq!(odd.to_string(), "+12\\xff");
}

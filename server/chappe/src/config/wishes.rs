//! What an account wants for its receipts, its long messages and its classes.

use chappe_core::{Class, Dates, IdStyle, Long, LongReceipt, ReceiptForm, ReceiptsTo};

use super::section::Section;

/// `receipt = { id, err_width, dates }`.
pub(super) fn receipt(section: &mut Section<'_>) -> ReceiptForm {
    let mut form = ReceiptForm::default();
    let Some(mut receipt) = section.section("receipt") else { return form };
    form.id = receipt.choice("id", &IdStyle::NAMES).unwrap_or(form.id);
    if let Some(width) = receipt.count("err_width", 1..=4) {
        form.err_width = u8::try_from(width).unwrap_or(form.err_width);
    }
    let dates = [("minutes", Dates::Minutes), ("seconds", Dates::Seconds)];
    form.dates = receipt.choice("dates", &dates).unwrap_or(form.dates);
    receipt.finish();
    form
}

/// `receipts_to`.
pub(super) fn receipts_to(section: &mut Section<'_>) -> ReceiptsTo {
    let words =
        [("any", ReceiptsTo::Any), ("submitter", ReceiptsTo::Submitter), ("sticky", ReceiptsTo::Sticky)];
    section.choice("receipts_to", &words).unwrap_or_default()
}

/// `long = { collect, wait, receipt }`.
pub(super) fn long(section: &mut Section<'_>) -> Long {
    let mut wanted = Long::default();
    let Some(mut long) = section.section("long") else { return wanted };
    wanted.collect = long.flag("collect").unwrap_or(wanted.collect);
    wanted.wait = long.duration("wait").unwrap_or(wanted.wait);
    let words = [("each", LongReceipt::EachPart), ("worst", LongReceipt::Worst), ("last", LongReceipt::Last)];
    wanted.receipt = long.choice("receipt", &words).unwrap_or(wanted.receipt);
    long.finish();
    wanted
}

/// `classes = { OTP = "otp" }`.
pub(super) fn classes(section: &mut Section<'_>) -> Vec<(Vec<u8>, Class)> {
    let mut classes = Vec::new();
    for (service_type, class) in section.pairs("classes").unwrap_or_default() {
        if service_type.value.len() > SERVICE_TYPE_OCTETS {
            let length = service_type.value.len();
            let what = format!("a service_type of {length} octets; it has at most {SERVICE_TYPE_OCTETS}");
            section.bad(&service_type, what, None);
        }
        match Class::ALL.into_iter().find(|known| known.name() == class.value) {
            Some(class) => classes.push((service_type.value.into_bytes(), class)),
            None => {
                let all = Class::ALL.map(|class| format!("\"{}\"", class.name())).join(" or ");
                section.bad(&class, format!("\"{}\" is no class; it must be {all}", class.value), None);
            }
        }
    }
    classes
}

/// Octets of a service_type (SMPP 5.0 §4.7.25), without its NUL.
const SERVICE_TYPE_OCTETS: usize = 5;

//! Reads one table: every key is asked for by name and type, and what nobody asked for is unknown.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::SignedDuration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest::nearest;
use super::problem::Problems;
use super::source::{At, Place, Source};

/// One table of a file.
pub(super) struct Section<'a> {
    pub(super) source: &'a Source,
    pub(super) problems: &'a Problems,
    /// As it is written in the file: `[smpp]`, `[[account]]`, `rate`.
    title: &'static str,
    place: Place,
    table: &'a DeTable<'a>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        source: &'a Source,
        problems: &'a Problems,
        title: &'static str,
        octet: usize,
        table: &'a DeTable<'a>,
    ) -> Self {
        Self { source, problems, title, place: source.place(octet), table, known: Vec::new() }
    }

    /// Where the table begins.
    pub(super) fn place(&self) -> Place {
        self.place.clone()
    }

    /// The value of a key, which is known from here on.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    pub(super) fn at<T>(&self, value: &Spanned<DeValue<'_>>, inner: T) -> At<T> {
        At { value: inner, place: self.source.place(value.span().start) }
    }

    /// Says that `key` is not what it must be.
    pub(super) fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, must: &str, hint: Option<String>) {
        let place = self.source.place(value.span().start);
        let is = kind(value.get_ref());
        self.problems.add(place, format!("`{key}` is {is}; it must be {must}"), hint);
    }

    /// Says what is wrong with a value of the right type.
    pub(super) fn bad<T>(&self, at: &At<T>, what: impl Into<String>, hint: Option<String>) {
        self.problems.add(at.place.clone(), what, hint);
    }

    pub(super) fn string(&mut self, key: &'static str) -> Option<At<String>> {
        let value = self.value(key)?;
        let Some(text) = value.get_ref().as_str() else {
            let hint = scalar(value.get_ref()).map(|text| format!("write {key} = \"{text}\""));
            self.wrong(key, value, "text in quotes", hint);
            return None;
        };
        if text.is_empty() {
            let at = self.at(value, ());
            self.bad(&at, format!("`{key}` is empty"), None);
            return None;
        }
        Some(self.at(value, text.to_owned()))
    }

    pub(super) fn required(&mut self, key: &'static str) -> Option<At<String>> {
        if self.value(key).is_none() {
            self.missing(key);
            return None;
        }
        self.string(key)
    }

    pub(super) fn missing(&self, key: &str) {
        let title = self.title;
        self.problems.add(self.place(), format!("{title} has no `{key}`"), None);
    }

    /// A list of texts; `None` if the key is absent.
    pub(super) fn strings(&mut self, key: &'static str) -> Option<Vec<At<String>>> {
        let value = self.value(key)?;
        let Some(list) = value.get_ref().as_array() else {
            let hint = scalar(value.get_ref()).map(|text| format!("write {key} = [\"{text}\"]"));
            self.wrong(key, value, "a list of texts", hint);
            return Some(Vec::new());
        };
        let mut texts = Vec::new();
        for item in list.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push(self.at(item, text.to_owned())),
                None => self.wrong(key, item, "a list of texts", None),
            }
        }
        Some(texts)
    }

    /// A whole number within `range`.
    pub(super) fn count(&mut self, key: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.value(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        match number {
            Some(number) if range.contains(&number) => Some(number),
            _ => {
                let (least, most) = (range.start(), range.end());
                let must = format!("a whole number from {least} to {most}");
                self.wrong(key, value, &must, None);
                None
            }
        }
    }

    /// A number above 0.
    pub(super) fn amount(&mut self, key: &'static str) -> Option<f64> {
        let value = self.value(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number: &f64| number.is_finite() && *number > 0.0);
        if number.is_none() {
            self.wrong(key, value, "a number above 0", None);
        }
        number
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(key, value, "true or false", None);
        }
        flag
    }

    /// Whether the value is this word.
    pub(super) fn is(&mut self, key: &'static str, word: &str) -> bool {
        self.value(key).and_then(|value| value.get_ref().as_str()).is_some_and(|text| text == word)
    }

    /// A time with its unit (`"5s"`, `"10m"`, `"1h 30m"`), from a millisecond to a week.
    pub(super) fn duration(&mut self, key: &'static str) -> Option<Duration> {
        let value = self.value(key)?;
        let duration = value.get_ref().as_str().and_then(of_duration);
        if duration.is_none() {
            let hint = scalar(value.get_ref())
                .filter(|text| text.bytes().all(|octet| octet.is_ascii_digit()))
                .map(|text| format!("with its unit: {key} = \"{text}s\""));
            self.wrong(key, value, "a time from \"1ms\" to \"168h\"", hint);
        }
        duration
    }

    /// A list of times, and where it stands.
    pub(super) fn durations(&mut self, key: &'static str) -> Option<(At<()>, Vec<Duration>)> {
        let value = self.value(key)?;
        let list = value.get_ref().as_array().map(|list| list.iter().map(Spanned::get_ref));
        let times = list.and_then(|list| list.map(|item| of_duration(item.as_str()?)).collect());
        if times.is_none() {
            let hint = format!("write {key} = [\"1s\", \"1m\"]");
            self.wrong(key, value, "a list of times from \"1ms\" to \"168h\"", Some(hint));
        }
        Some((self.at(value, ()), times?))
    }

    /// A table of texts, whose keys are for the caller to judge.
    pub(super) fn pairs(&mut self, key: &'static str) -> Option<Vec<(At<String>, At<String>)>> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(key, value, "a table", None);
            return None;
        };
        let mut pairs = Vec::new();
        for (name, value) in table {
            let name = At { value: name.get_ref().to_string(), place: self.source.place(name.span().start) };
            match value.get_ref().as_str() {
                Some(text) => pairs.push((name, self.at(value, text.to_owned()))),
                None => self.wrong(&name.value, value, "text in quotes", None),
            }
        }
        Some(pairs)
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let value = self.value(key)?;
        let found = value.get_ref().as_str().and_then(|text| words.iter().find(|(word, _)| *word == text));
        if found.is_none() {
            let all: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            let near =
                value.get_ref().as_str().and_then(|text| nearest(text, words.iter().map(|(word, _)| *word)));
            self.wrong(key, value, &all.join(" or "), near.map(|word| format!("did you mean \"{word}\"?")));
        }
        found.map(|(_, choice)| *choice)
    }

    /// A table within this one.
    pub(super) fn section(&mut self, key: &'static str) -> Option<Section<'a>> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(key, value, "a table", None);
            return None;
        };
        Some(Section::new(self.source, self.problems, key, value.span().start, table))
    }

    /// Keys of the design that this version does not have: an error that says so, never a silence.
    pub(super) fn not_built(&mut self, keys: &[&'static str]) {
        for (name, _) in self.table.iter() {
            let Some(key) = keys.iter().find(|key| *name.get_ref() == **key) else {
                continue;
            };
            let place = self.source.place(name.span().start);
            self.problems.add(place, format!("`{key}` in {} is not built yet", self.title), None);
            self.known.push(key);
        }
    }

    /// Everything that was not asked for is unknown.
    pub(super) fn finish(self) {
        for (name, _) in self.table.iter() {
            let key = name.get_ref().as_ref();
            if self.known.contains(&key) {
                continue;
            }
            let hint = match nearest(key, self.known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("known here: {}", self.known.join(", ")),
            };
            let place = self.source.place(name.span().start);
            self.problems.add(place, format!("unknown key `{key}` in {}", self.title), Some(hint));
        }
    }
}

fn of_duration(text: &str) -> Option<Duration> {
    let duration = text.parse::<SignedDuration>().ok()?.try_into().ok()?;
    (DURATION_MIN..=DURATION_MAX).contains(&duration).then_some(duration)
}

const DURATION_MIN: Duration = Duration::from_millis(1);
const DURATION_MAX: Duration = Duration::from_secs(168 * 3600);

/// What a value is, in words; a scalar is shown.
fn kind(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("\"{text}\""),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
        DeValue::Datetime(time) => time.to_string(),
        other => scalar(other).unwrap_or_else(|| other.type_str().into()),
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

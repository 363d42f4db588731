//! What a person, a pipe and a program see of a verb.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// What a colour means; the word is always there too.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tone {
    /// Final and good.
    Good,
    /// Waits, or is slowed.
    Waits,
    /// A person must act.
    Bad,
    /// Detail.
    Dim,
    /// What to look at first.
    Strong,
}

/// A stop: what happened, why, and what to do about it (a line that can be pasted, where there is one).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Trouble {
    pub(crate) error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) so: Option<String>,
}

impl Trouble {
    /// What happened: a fragment that names the thing.
    pub(crate) fn new(error: impl Into<String>) -> Self {
        Self { error: error.into(), why: None, so: None }
    }

    pub(crate) fn why(self, why: impl Into<String>) -> Self {
        Self { why: Some(why.into()), ..self }
    }

    pub(crate) fn so(self, so: impl Into<String>) -> Self {
        Self { so: Some(so.into()), ..self }
    }
}

/// The two streams: stdout is the result, stderr is the talk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ui {
    /// Results as JSON: one object, or one a line where there are many.
    pub(crate) json: bool,
    colour_out: bool,
    colour_err: bool,
    /// Whether stdout is a terminal.
    terminal: bool,
    width: usize,
}

/// Columns at most, however wide the terminal is.
const WIDTH_MAX: usize = 100;

impl Ui {
    /// From the flags and the streams of this process.
    pub(crate) fn new(color: Color, json: bool) -> Self {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = |terminal| match color {
            Color::Auto => terminal && !plain,
            Color::Always => true,
            Color::Never => false,
        };
        Self {
            json,
            colour_out: colour(out) && !json,
            colour_err: colour(err),
            terminal: out,
            width: columns().clamp(40, WIDTH_MAX),
        }
    }

    /// Whether a person sees stdout.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Columns to fill: the terminal's, at most 100; 100 in a pipe.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// One line of the result. A reader who has gone away is no error.
    pub(crate) fn line(&self, text: impl Display) {
        let _ = writeln!(io::stdout(), "{text}");
    }

    /// One object of the result, on one line.
    pub(crate) fn object(&self, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(text) => self.line(text),
            Err(error) => self.talk(format_args!("error  {error}")),
        }
    }

    /// One line of talk.
    pub(crate) fn talk(&self, text: impl Display) {
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// The three lines of an error, on stderr; with `--json` one object there.
    pub(crate) fn trouble(&self, trouble: &Trouble) {
        if self.json {
            let text = serde_json::to_string(trouble).unwrap_or_else(|_| trouble.error.clone());
            return self.talk(text);
        }
        self.talk(format_args!("{}  {}", paint(self.colour_err, Tone::Bad, "error"), trouble.error));
        for (head, text) in [("why", &trouble.why), ("so", &trouble.so)] {
            if let Some(text) = text {
                self.talk(format_args!(
                    "{}  {text}",
                    paint(self.colour_err, Tone::Dim, &format!("{head:<5}"))
                ));
            }
        }
    }

    /// Coloured for stdout, where stdout has colours.
    pub(crate) fn paint(&self, tone: Tone, text: &str) -> String {
        paint(self.colour_out, tone, text)
    }
}

fn paint(colour: bool, tone: Tone, text: &str) -> String {
    if !colour {
        return text.to_owned();
    }
    let code = match tone {
        Tone::Good => "32",
        Tone::Waits => "33",
        Tone::Bad => "31",
        Tone::Dim => "2",
        Tone::Strong => "1",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    told.or_else(|| comfy_table::Table::new().width().map(usize::from)).unwrap_or(WIDTH_MAX)
}

/// Folds prose between words: no line longer than `width`, all but the first begin with `indent` spaces.
pub(crate) fn folded(text: &str, width: usize, indent: usize) -> String {
    let (mut lines, mut used) = (String::new(), 0);
    for (at, word) in text.split(' ').enumerate() {
        let columns = word.chars().count();
        if used > 0 && used + 1 + columns > width {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            used = indent;
        } else if at > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += columns;
    }
    lines
}

/// 12 010: digits in groups of three with thin spaces between them.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1204, "1\u{2009}204"), (1_000_000, "1\u{2009}000\u{2009}000")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn prose_folds_between_words() {
        assert_eq!(folded("one two three", 8, 0), "one two\nthree");
        assert_eq!(folded("one two three", 8, 2), "one two\n  three");
        assert_eq!(folded("  one  two", 40, 2), "  one  two");
        assert_eq!(folded("unfoldable", 4, 0), "unfoldable");
    }

    #[test]
    fn without_colour_a_text_stays_as_it_is() {
        assert_eq!(paint(false, Tone::Good, "ok"), "ok");
        assert_eq!(paint(true, Tone::Good, "ok"), "\x1b[32mok\x1b[0m");
    }
}

//! Tables that fit the width.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

use crate::ui::{Ui, folded};

/// A column: its head, and which side it keeps to.
pub(crate) enum Column {
    Text(&'static str),
    Number(&'static str),
}

impl Column {
    fn head(&self) -> &'static str {
        match self {
            Self::Text(head) | Self::Number(head) => head,
        }
    }
}

/// The last column may fold; it needs this much.
const LAST_MIN: usize = 10;
const NO_BREAK: &str = "\u{a0}";

/// Rows under heads, two spaces between columns; the last one folds. Where the others do not fit beside each other,
/// each row is a paragraph.
pub(crate) fn table(ui: &Ui, columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let rows: Vec<Vec<String>> = rows.into_iter().collect();
    if columns_needed(columns, &rows) > ui.width() {
        return rows.iter().map(|row| paragraph(columns, row, ui.width())).collect::<Vec<_>>().join("\n");
    }
    grid(ui, columns, rows)
}

fn columns_needed(columns: &[Column], rows: &[Vec<String>]) -> usize {
    let length = |text: &str| text.chars().count();
    let widths = columns.iter().enumerate().map(|(at, column)| {
        let longest = rows.iter().filter_map(|row| row.get(at)).map(|text| length(text)).max();
        let width = longest.unwrap_or(0).max(length(column.head())) + 2;
        if at + 1 == columns.len() { width.min(LAST_MIN) } else { width }
    });
    widths.sum()
}

/// `lab  side link · mode transceiver · …`
fn paragraph(columns: &[Column], row: &[String], width: usize) -> String {
    // A fact stays together.
    let fact = |(column, text): (&Column, &String)| {
        format!("{} {text}", column.head().to_lowercase()).replace(' ', NO_BREAK)
    };
    let facts: Vec<_> = columns.iter().zip(row).skip(1).map(fact).collect();
    let name = row.first().map_or("", String::as_str);
    folded(&format!("{name}  {}", facts.join(" · ")), width, 2).replace(NO_BREAK, " ")
}

fn grid(ui: &Ui, columns: &[Column], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(ui.width()).unwrap_or(u16::MAX))
        .set_header(columns.iter().map(|column| match column {
            Column::Text(head) => Cell::new(head),
            Column::Number(head) => Cell::new(head).set_alignment(CellAlignment::Right),
        }))
        .add_rows(rows);
    for (at, column) in columns.iter().enumerate() {
        let Some(shown) = table.column_mut(at) else { continue };
        if matches!(column, Column::Number(_)) {
            shown.set_cell_alignment(CellAlignment::Right);
        }
        if at + 1 < columns.len() {
            shown.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_beside_each_other_stands_below_its_name() {
        let columns = [Column::Text("NAME"), Column::Text("PEER"), Column::Number("IN")];
        let row: Vec<String> = ["lab", "127.0.0.1:41039", "87"].map(str::to_owned).into();
        assert_eq!(columns_needed(&columns, std::slice::from_ref(&row)), 6 + 17 + 4);
        assert_eq!(paragraph(&columns, &row, 60), "lab  peer 127.0.0.1:41039 · in 87");
        assert_eq!(paragraph(&columns, &row, 30), "lab  peer 127.0.0.1:41039 ·\n  in 87");
    }
}

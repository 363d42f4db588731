//! Tables that fit the width.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use crate::ui::Ui;

/// A column: its head, and which side it keeps to.
pub(crate) enum Column {
    Text(&'static str),
    Number(&'static str),
}

/// Rows under heads, two spaces between columns; too long ones fold within their column.
pub(crate) fn table(ui: &Ui, columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) -> String {
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
        if let (Column::Number(_), Some(column)) = (column, table.column_mut(at)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

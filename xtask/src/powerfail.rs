//! `cargo xtask powerfail`: disks as they may look after a loss of power, each opened by the real binary.

use std::fs;

use anyhow::{Context, Result};
use clap::Args;
use e2e::power::{Plan, explore};

use crate::shell;
use crate::shell::target_folder;

/// How many, and which.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How many images are made of one recorded run.
    #[arg(long, default_value_t = 150)]
    images: u64,
    /// Decides where the power fails and what the disk makes of it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Messages of the recorded run.
    #[arg(long, default_value_t = 12_000)]
    messages: u32,
    /// Of the run that was recorded last, which `--seed` and `--only` name an image of.
    #[arg(long)]
    again: bool,
    /// Only this image, and no control.
    #[arg(long)]
    only: Option<u64>,
    /// Tells of each image.
    #[arg(long)]
    verbose: bool,
}

/// Builds the binary, records it at work, and tries the images; an error where one of them breaks a promise.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    shell::build_binary()?;
    let Arguments { images, seed, messages, again, only, verbose } = *arguments;
    let folder = target_folder()?.join("powerfail");
    fs::create_dir_all(&folder)?;
    let tell = |text: &str| {
        if verbose || only.is_some() || !text.starts_with("image") {
            println!("{text}");
        }
    };
    let report = explore(&Plan { folder, again, images, seed, messages, only }, &tell)?;
    println!("seed {seed}, {report}");
    let again =
        format!("again: cargo xtask powerfail --seed {seed} --again, for one image with --only NUMBER");
    report.judge(only.is_none()).context(again)
}

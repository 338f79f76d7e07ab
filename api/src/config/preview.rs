//! The configuration of previews.

use clap::Args;
use dossier_preview::Renderer;
use std::{io, path::PathBuf};

/// The previews of documents.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Previews")]
pub struct PreviewSettings {
    /// Program that reads documents and makes their previews, as the command `render-preview` of this program does. The
    /// default is this program, in a process with limits of memory and time. Set it to run that command in a stricter
    /// sandbox.
    #[arg(long, env = "PREVIEW_PROGRAM")]
    pub preview_program: Option<PathBuf>,
}

impl PreviewSettings {
    /// Returns the renderer of previews.
    pub fn renderer(&self) -> io::Result<Renderer> {
        Ok(Renderer::new(self.preview_program.clone().map_or_else(std::env::current_exe, Ok)?))
    }
}

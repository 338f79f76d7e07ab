mod list;
mod write;

mod change;
mod list;
mod write;

mod change;
mod list;
mod reading;
mod write;

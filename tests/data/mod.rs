mod migrations;
mod rows;

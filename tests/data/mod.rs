mod fitness;
mod migrations;
mod rows;

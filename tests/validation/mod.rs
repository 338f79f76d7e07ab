mod decide;
mod hub;
mod list;
mod machine;
mod submit;

mod decide;
mod hub;
mod list;
mod submit;
mod transitions;

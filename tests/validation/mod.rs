mod comment;
mod decide;
mod hub;
mod list;
mod rounds;
mod submit;
mod transitions;

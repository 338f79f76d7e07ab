mod identity;
mod session;
mod sign_in;

mod session;
mod sign_in;

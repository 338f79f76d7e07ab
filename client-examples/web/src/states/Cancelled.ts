/** The person cancelled an action. Nothing happened, and nothing needs to be shown. */
export class Cancelled extends Error {}

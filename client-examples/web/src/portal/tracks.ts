import type { Viewer } from "../viewer/queries";
import { NAVIGATION } from "./navigation";

/**
 * What the client bought. `LAB` is work together over some time: requests and deliverables come first. `ONE` is a single
 * service: documents and messages are enough.
 */
export type Track = NonNullable<Viewer["client"]>["track"];

/** Returns the pages of the bar. A client of `ONE` reaches their requests, if they have any, on the home page. */
export const navigationOf = (track: Track) => NAVIGATION.filter(({ page }) => track === "LAB" || page !== "requests");

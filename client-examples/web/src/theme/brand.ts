import type { Track } from "../portal/tracks";
import type { Viewer } from "../viewer/queries";
import { accentOf } from "./accent";

/** Returns how the agency presents itself: to the clients of a track as their portal says, in the hub under its own name. */
export function brandOf(organization: Viewer["organization"], track?: Track) {
    const portals = organization?.portals ?? [];
    const portal = portals.find((portal) => portal.track === track);
    return {
        name: portal?.name ?? organization?.name ?? "",
        accent: portal?.accentColor ?? organization?.accentColor ?? accentOf(organization?.slug ?? ""),
        logo: (track ? portal : portals.find((portal) => portal.logo))?.logo,
    };
}

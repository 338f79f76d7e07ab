import { PortalLink } from "../portal/PortalLink";
import { Time } from "../text/Time";
import classes from "../theme/Card.module.css";
import { StatusBadge } from "../validation/StatusBadge";
import type { MyRequest } from "./queries";

/** A request of the portal with its status. */
export function MyRequestRow({ request }: { request: MyRequest }) {
    const { id, title, status, updatedAt, documentVersion, decisionReason } = request;
    return (
        <PortalLink target={{ to: "/portal/requests/$requestId", params: { requestId: id } }} className={classes.row}>
            <span className={classes.text}>
                <span className={`truncate ${classes.title}`}>{title}</span>
                <span className={`truncate ${classes.meta}`}>
                    <Time value={updatedAt} />
                    {(decisionReason || documentVersion) && ` · ${decisionReason ?? documentVersion?.document?.name}`}
                </span>
            </span>
            <StatusBadge status={status} />
        </PortalLink>
    );
}

import { ACTION_GROUPS, ACTION_NAMES, type Action } from "./actions";
import type { AuditSearch } from "./search";

/** Returns the time at which a day begins here, some days later. */
function beginOf(day: string, daysLater = 0) {
    const date = new Date(`${day}T00:00:00`);
    date.setDate(date.getDate() + daysLater);
    return date.toISOString();
}

function actionsOf(action: string) {
    if (action in ACTION_NAMES) return [action as Action];
    const group = ACTION_GROUPS.find(({ key }) => key === action);
    return group && (Object.keys(group.actions) as Action[]);
}

/** Returns the filter of the query. */
export function filterOf({ action, outcome, member, from, to }: AuditSearch) {
    const actions = action && actionsOf(action);
    return {
        ...(actions && { actions }),
        ...(outcome && { outcome }),
        ...(member && { actorId: member }),
        ...(from && { from: beginOf(from) }),
        ...(to && { to: beginOf(to, 1) }),
    };
}

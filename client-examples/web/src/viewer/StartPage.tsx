import { Navigate } from "@tanstack/react-router";
import { useViewer } from "./ViewerContext";

/** Leads to the face of the viewer's role. */
export const StartPage = () => <Navigate to={useViewer().role === "CLIENT" ? "/portal" : "/validation"} replace />;

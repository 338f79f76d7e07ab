import { useQuery } from "urql";
import { graphql } from "../graphql/graphql";
import { uploads } from "../uploads/uploads";
import { useViewer } from "../viewer/ViewerContext";

const UPLOAD_ZONES = graphql(`
    query UploadZones($clientId: ID!) {
        client(id: $clientId) { id viewerCanUploadTo }
    }
`);

/** Returns whether the client may send files, and the function that sends them. Images join the assets of the dossier. */
export function useSendFiles() {
    const clientId = useViewer().client!.id;
    const [{ data }] = useQuery({ query: UPLOAD_ZONES, variables: { clientId } });
    const zones = data?.client?.viewerCanUploadTo ?? [];
    const zoneOf = ({ type }: File) => (type.startsWith("image/") && zones.includes("ASSETS") ? "ASSETS" : "DOCUMENTS");
    const sendFiles = (files: File[]) =>
        uploads.add(files, "", (file) => ({ newDocument: { clientId, zone: zoneOf(file), name: file.name } }));
    return { allowed: zones.includes("DOCUMENTS"), sendFiles };
}

import { Skeleton } from "@mantine/core";
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { useEffect, useState } from "react";
import { PdfPage } from "./PdfPage";
import classes from "./Preview.module.css";

GlobalWorkerOptions.workerSrc = worker;

/** The pages of a PDF. Phones have no viewer of their own inside of a page. */
export function PdfPreview({ url, name, onError }: { url: string; name: string; onError: () => void }) {
    const [pdf, setPdf] = useState<PDFDocumentProxy>();
    useEffect(() => {
        let stopped = false;
        const task = getDocument({ url });
        task.promise.then(setPdf, () => stopped || onError());
        return () => {
            stopped = true;
            void task.destroy();
        };
        // The functions of the parent do not change what is read.
    }, [url]); // eslint-disable-line react-hooks/exhaustive-deps
    if (!pdf) return <Skeleton h={420} radius={0} />;
    return (
        <div className={classes.pages} role="document" aria-label={name} tabIndex={0}>
            {Array.from({ length: pdf.numPages }, (_, index) => (
                <PdfPage key={index} pdf={pdf} number={index + 1} />
            ))}
        </div>
    );
}

package org.flinkjobrunner.validator.batch;

import com.apicatalog.jsonld.JsonLdError;
import com.apicatalog.jsonld.JsonLdErrorCode;
import com.apicatalog.jsonld.document.Document;
import com.apicatalog.jsonld.document.JsonDocument;
import com.apicatalog.jsonld.loader.DocumentLoader;
import com.apicatalog.jsonld.loader.DocumentLoaderOptions;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.net.URI;
import org.flinkjobrunner.validator.program.Context;
import org.flinkjobrunner.validator.program.Contexts;
import org.flinkjobrunner.validator.program.TermDefinition;

/** Gives the JSON-LD processor the program's contexts, and nothing from the network. */
final class JsonLdContexts implements DocumentLoader {
    private final Contexts contexts;
    /** The address that was asked for in vain, or null. */
    private URI unknown;

    JsonLdContexts(Contexts contexts) {
        this.contexts = contexts;
    }

    URI unknown() {
        return unknown;
    }

    @Override
    public Document loadDocument(URI url, DocumentLoaderOptions options) throws JsonLdError {
        Context context = contexts.get(url.toString());
        if (context == null) {
            unknown = url;
            throw new JsonLdError(JsonLdErrorCode.LOADING_REMOTE_CONTEXT_FAILED, url + " is not bundled");
        }
        JsonDocument document = JsonDocument.of(
                Json.createObjectBuilder().add("@context", context(context)).build());
        document.setDocumentUrl(url);
        return document;
    }

    /** For documents that name no context; empty when the program has none. */
    Document defaultContext() {
        Context context = contexts.defaultContext() == null ? null : contexts.get(contexts.defaultContext());
        return JsonDocument.of(Json.createObjectBuilder()
                .add("@context", context == null ? JsonValue.EMPTY_JSON_OBJECT : context(context))
                .build());
    }

    private static JsonObject context(Context context) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        if (context.vocab() != null) {
            json.add("@vocab", context.vocab());
        }
        context.terms().forEach((term, definition) -> json.add(term, definition(definition)));
        return json.build();
    }

    /** A term that is nothing but an IRI is written so, because only then may it be the prefix of others. */
    private static JsonValue definition(TermDefinition definition) {
        if (definition.type() == null && definition.container().isEmpty()) {
            return Json.createValue(definition.id());
        }
        JsonObjectBuilder json = Json.createObjectBuilder().add("@id", definition.id());
        if (definition.type() != null) {
            json.add("@type", definition.type());
        }
        if (!definition.container().isEmpty()) {
            JsonArrayBuilder container = Json.createArrayBuilder();
            definition.container().stream().sorted().forEach(container::add);
            json.add("@container", container);
        }
        return json.build();
    }
}

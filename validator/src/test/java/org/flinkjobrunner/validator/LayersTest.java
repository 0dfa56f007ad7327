package org.flinkjobrunner.validator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The layers of the module: values below graphs, graphs below shapes, and engines only where they are needed. */
class LayersTest {
    private static final String BASE = "org.flinkjobrunner.validator.";

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.flinkjobrunner.validator");
    }

    @Test
    void layersHold() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("term")
                .definedBy(BASE + "term..")
                .layer("graph")
                .definedBy(BASE + "graph..")
                .layer("shapes")
                .definedBy(BASE + "shapes..")
                .layer("program")
                .definedBy(BASE + "program..")
                .layer("wire")
                .definedBy(BASE + "wire..")
                .layer("stream")
                .definedBy(BASE + "stream..")
                .layer("batch")
                .definedBy(BASE + "batch..")
                .whereLayer("term")
                .mayOnlyBeAccessedByLayers("graph", "shapes", "program", "wire", "stream", "batch")
                .whereLayer("graph")
                .mayOnlyBeAccessedByLayers("shapes", "program", "wire", "stream", "batch")
                .whereLayer("shapes")
                .mayOnlyBeAccessedByLayers("program", "wire", "stream", "batch")
                .whereLayer("program")
                .mayOnlyBeAccessedByLayers("wire", "stream", "batch")
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("stream", "batch")
                .whereLayer("stream")
                .mayOnlyBeAccessedByLayers("batch")
                .whereLayer("batch")
                .mayNotBeAccessedByAnyLayer()
                .check(classes);
    }

    @Test
    void flinkIsOnlyInTheStreamAndInItsReplay() {
        onlyIn("org.apache.flink..", "stream", "batch", "bench").check(classes);
    }

    @Test
    void jenaIsOnlyWhereFilesAreReadAndQueriesRun() {
        onlyIn("org.apache.jena..", "batch", "sparql").check(classes);
        onlyIn("com.apicatalog..", "batch", "sparql").check(classes);
    }

    @Test
    void theBenchmarkIsApart() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + "bench..")
                .check(classes);
    }

    private static ArchRule onlyIn(String library, String... packages) {
        String[] allowed =
                Arrays.stream(packages).map(name -> BASE + name + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true);
    }
}

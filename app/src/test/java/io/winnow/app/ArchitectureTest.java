package io.winnow.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;

/** The arrows of ARCHITECTURE.md's drawing. This module sees all the others, so their rules are kept here. */
@AnalyzeClasses(packages = "io.winnow", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CORE = "core";
    private static final String INGEST = "ingest";
    private static final String HYGIENE = "hygiene-stream";
    private static final String TRAINER = "trainer";
    private static final String MONITORING = "monitoring";
    private static final String APP = "app";

    @ArchTest
    static final ArchRule MODULES_MEET_ON_TOPICS_AND_IN_CORE = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer(CORE)
            .definedBy("io.winnow.core..")
            .layer(INGEST)
            .definedBy("io.winnow.ingest..")
            .layer(HYGIENE)
            .definedBy("io.winnow.hygiene..")
            .layer(TRAINER)
            .definedBy("io.winnow.trainer..")
            .layer(MONITORING)
            .definedBy("io.winnow.monitoring..")
            .layer(APP)
            .definedBy("io.winnow.app..")
            .whereLayer(APP)
            .mayNotBeAccessedByAnyLayer()
            .whereLayer(INGEST)
            .mayOnlyBeAccessedByLayers(APP)
            .whereLayer(HYGIENE)
            .mayOnlyBeAccessedByLayers(APP)
            .whereLayer(TRAINER)
            .mayOnlyBeAccessedByLayers(APP)
            .whereLayer(MONITORING)
            .mayOnlyBeAccessedByLayers(APP)
            .whereLayer(CORE)
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule CORE_IS_PLAIN_JAVA = noClasses()
            .that()
            .resideInAPackage("io.winnow.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "org.apache.flink..",
                    "ai.djl..",
                    "io.javalin..",
                    "io.micrometer..",
                    "java.net.http..",
                    "com.sun.net.httpserver..",
                    "picocli..");

    @ArchTest
    static final ArchRule HYGIENE_HAS_NO_CLOCK_AND_NO_CHANCE_OF_ITS_OWN = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.winnow.core.hygiene..",
                    "io.winnow.core.row..",
                    "io.winnow.core.contract..",
                    "io.winnow.core.topic..",
                    "io.winnow.core.review..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callConstructor(Random.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, ThreadLocalRandom.class);

    /** Streams' RocksDB and the trainer's natives stay where one process alone loads them. */
    @ArchTest
    static final ArchRule ONLY_THE_TRAINER_KNOWS_DJL = noClasses()
            .that()
            .resideOutsideOfPackage("io.winnow.trainer..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule PACKAGES_OF_CORE_FORM_NO_RING =
            slices().matching("io.winnow.core.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_PACKAGE_IS_NAMED_FOR_NOTHING = noClasses()
            .should()
            .resideInAnyPackage("io.winnow..util..", "io.winnow..common..", "io.winnow..impl..", "io.winnow..misc..");

    /** Classes that JTE makes of the desk's templates are nobody's to annotate. */
    @ArchTest
    static final ArchRule EVERY_PACKAGE_SAYS_WHAT_MAY_BE_NULL = classes()
            .should(new ArchCondition<>("reside in a @NullMarked package") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getName().contains("Generated")
                            || type.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new SimpleConditionEvent(
                            type, marked, type.getName() + ": give its package a @NullMarked package-info.java"));
                }
            });
}

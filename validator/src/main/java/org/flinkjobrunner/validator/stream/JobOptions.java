package org.flinkjobrunner.validator.stream;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.flinkjobrunner.validator.wire.InputTopic;

/** The command line of the job; {@code checkpointInterval} in milliseconds, 0: as the cluster says. */
record JobOptions(
        String deployment,
        String bootstrap,
        Set<Family> sources,
        int parallelism,
        int maxParallelism,
        long checkpointInterval,
        Topics topics) {
    static final String USAGE = "usage: ValidatorJob --deployment NAME --bootstrap HOST:PORT[,...]"
            + " --sources ngsi-ld,iff --parallelism N [--max-parallelism N] [--checkpoint-interval MILLISECONDS]"
            + " [--topic DEFAULT-NAME=NAME]...";

    private static final String DEFAULT_MAX_PARALLELISM = "128";

    /** @throws IllegalArgumentException naming what is wrong */
    static JobOptions parse(String... arguments) {
        Map<String, String> given = new HashMap<>();
        Map<String, String> topics = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            if (name.equals("--topic")) {
                String[] renaming = arguments[i + 1].split("=", 2);
                topics.put(renaming[0], renaming[renaming.length - 1]);
            } else {
                given.put(name, arguments[i + 1]);
            }
        }
        JobOptions options = new JobOptions(
                take(given, "--deployment", null),
                take(given, "--bootstrap", null),
                families(take(given, "--sources", null)),
                number(take(given, "--parallelism", null), "--parallelism"),
                number(take(given, "--max-parallelism", DEFAULT_MAX_PARALLELISM), "--max-parallelism"),
                number(take(given, "--checkpoint-interval", "0"), "--checkpoint-interval"),
                Topics.renamed(topics));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("unknown option " + given.keySet());
        }
        return options;
    }

    String jobName() {
        return "shacl-" + deployment;
    }

    /** Kafka's consumer group, for tools that show the lag. */
    String group() {
        return "flinkjobrunner-" + deployment;
    }

    List<String> inputTopics() {
        return inputs().map(topics.inputs()::of).toList();
    }

    Stream<InputTopic> inputs() {
        return sources.stream().flatMap(family -> family.topics().stream());
    }

    private static String take(Map<String, String> given, String name, String otherwise) {
        String value = given.remove(name);
        if (value == null && otherwise == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value == null ? otherwise : value;
    }

    private static Set<Family> families(String list) {
        Set<Family> families = EnumSet.noneOf(Family.class);
        Arrays.stream(list.split(",")).map(Family::of).forEach(families::add);
        return families;
    }

    private static int number(String text, String name) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is " + text + ", expected a number", e);
        }
    }
}

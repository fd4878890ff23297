# Two images from one build: 'winnow', the command, and 'hygiene', Flink with the hygiene job in it.

FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
COPY . .
# The job's class path, without what Flink brings itself (two of one client factory, and it would start none).
RUN ./mvnw -B --no-transfer-progress -Pquick package \
    && ./mvnw -B --no-transfer-progress -Pquick -pl hygiene-stream -am package \
         dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/out/usrlib \
    && cp hygiene-stream/target/hygiene-stream-*.jar /out/usrlib/ \
    && find /out/usrlib -name 'flink-*.jar' ! -name 'flink-connector-*.jar' -delete \
    && rm -f /out/usrlib/slf4j-api-*.jar \
    && mkdir -p /out/winnow && cp -r app/target/lib /out/winnow/lib && cp app/target/app-*.jar /out/winnow/app.jar

FROM flink:2.2.1-java17 AS hygiene
COPY --from=build /out/usrlib /opt/flink/usrlib
# A volume that is mounted here takes over this owner.
RUN mkdir /checkpoints && chown flink:flink /checkpoints

FROM eclipse-temurin:17-jre AS winnow
RUN useradd --system --uid 10001 --home-dir /var/lib/winnow winnow \
    && install -d -o winnow -g winnow -m 700 /var/lib/winnow
COPY --from=build /out/winnow /opt/winnow
COPY LICENSE /opt/winnow/
USER winnow
WORKDIR /var/lib/winnow
VOLUME /var/lib/winnow
ENTRYPOINT ["java", "-Xmx1g", "-Duser.home=/var/lib/winnow", \
  "--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED", \
  "-cp", "/opt/winnow/app.jar:/opt/winnow/lib/*", "io.winnow.app.Winnow"]
CMD ["--help"]

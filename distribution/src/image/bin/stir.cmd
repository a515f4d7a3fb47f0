@echo off
rem Starts stir on Windows from wherever it was unpacked. docs/install.html has what bin/stir does on other systems and this does not.
setlocal
for %%I in ("%~dp0..") do set "STIR_HOME_FOLDER=%%~fI"

rem ONNX Runtime would send its use to its makers.
set "ORT_DISABLE_TELEMETRY=1"

rem TensorFlow's C++ reads only the environment.
if not defined TF_CPP_MIN_LOG_LEVEL set "TF_CPP_MIN_LOG_LEVEL=2"

rem On a GPU, products of shortened factors are too inexact for gradients.
if not defined NVIDIA_TF32_OVERRIDE set "NVIDIA_TF32_OVERRIDE=0"

rem The image has a Java of its own, which holds the application's modules; the plain archive takes the one that is installed.
set "STIR_PROGRAM=%STIR_HOME_FOLDER%\runtime\bin\java.exe"
set "STIR_MODULES="
set "STIR_UNSAFE="
set "STIR_SYSTEM=ALL-SYSTEM"
if exist "%STIR_PROGRAM%" goto columns
set STIR_MODULES=-p "%STIR_HOME_FOLDER%\modules"
set "STIR_SYSTEM=java.se,jdk.management,jdk.unsupported,jdk.zipfs,org.slf4j.jul"
set "STIR_PROGRAM=java.exe"
if defined JAVA_HOME set "STIR_PROGRAM=%JAVA_HOME%\bin\java.exe"
"%STIR_PROGRAM%" --list-modules 2>nul | findstr /r /b /c:"java\.base@1[7-9]" /c:"java\.base@[2-9][0-9]" >nul
if errorlevel 1 goto missing
rem Newer Javas warn without this option, as TensorFlow's protobuf needs it; older ones do not have it. The image's Java sets it itself.
"%STIR_PROGRAM%" --sun-misc-unsafe-memory-access=allow -version >nul 2>nul && set "STIR_UNSAFE=--sun-misc-unsafe-memory-access=allow"

:columns
set "STIR_COLUMNS=100"
if defined COLUMNS set "STIR_COLUMNS=%COLUMNS%"

"%STIR_PROGRAM%" %STIR_MODULES% %STIR_UNSAFE% -XX:+UseSerialGC -XX:-UsePerfData -XX:MaxNewSize=24m ^
  -XX:Tier3InvocationThreshold=1000 -XX:Tier3MinInvocationThreshold=500 -XX:Tier3CompileThreshold=4000 ^
  -XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=5000 -XX:Tier4CompileThreshold=40000 ^
  -XX:Tier4BackEdgeThreshold=1000000 -XX:CompileCommand=quiet ^
  -XX:CompileCommand=dontinline,stir.core.math.linalg.TileKernel*::add* ^
  -XX:CompileCommand=BackgroundCompilation,stir.core.math.linalg.*::*,false --enable-native-access=stir.core ^
  -Djava.awt.headless=true ^
  "-Djava.util.logging.config.file=%STIR_HOME_FOLDER%\conf\logging.properties" ^
  "-Dstir.home=%STIR_HOME_FOLDER%" "-Dstir.columns=%STIR_COLUMNS%" ^
  --add-opens java.base/java.io=stir.cli --add-modules %STIR_SYSTEM% %STIR_JAVA_OPTS% -m stir.cli/stir.cli.Main %*
exit /b %ERRORLEVEL%

:missing
echo stir: This archive needs Java 17 or newer: put its bin on PATH, or set JAVA_HOME. 1>&2
exit /b 1

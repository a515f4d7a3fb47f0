package stir.backend.tf.run;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.KernelList;
import org.tensorflow.proto.ThreadPoolOptionProto;
import stir.api.BackendException;
import stir.api.Device;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.CudaLibraries;
import stir.backend.tf.graph.TensorFlowMessages;

/** The devices that the native library supports here, and settings of sessions on them. */
public final class TfDevices {
    /** The CUDA for which the native library was built. */
    private static final String CUDA = "12.5";

    private TfDevices() {}

    /** Returns the CPU, and the GPUs if the native library supports them and finds any. */
    public static List<Device> list() {
        var devices = new ArrayList<Device>(List.of(Device.CPU));
        // a session opened only for this would fix the number of threads
        int gpus = hasCuda() ? gpus(growing(1).build()) : 0;
        for (int i = 0; i < gpus; i++) {
            devices.add(new Device(Device.Kind.CUDA, i));
        }
        return devices;
    }

    /** Returns the number of GPUs that a session with these settings finds. */
    @SuppressWarnings("try") // the scope owns the objects created inside
    static int gpus(ConfigProto settings) {
        try (var scope = new PointerScope()) {
            var status = TF_Status.newStatus();
            var options = TF_SessionOptions.newSessionOptions();
            var config = settings.toByteArray();
            tensorflow.TF_SetConfig(options, new BytePointer(config), config.length, status);
            status.throwExceptionIfNotOK();
            var session = TF_Session.newSession(TF_Graph.newGraph(), options, status);
            status.throwExceptionIfNotOK();
            TF_DeviceList devices = tensorflow.TF_SessionListDevices(session, status);
            status.throwExceptionIfNotOK();
            try {
                int gpus = 0;
                for (int i = 0; i < tensorflow.TF_DeviceListCount(devices); i++) {
                    var type = tensorflow.TF_DeviceListType(devices, i, status).getString();
                    gpus += type.equals("GPU") ? 1 : 0;
                }
                return gpus;
            } finally {
                tensorflow.TF_DeleteDeviceList(devices);
            }
        }
    }

    /** Returns whether the native library contains GPU code. */
    @SuppressWarnings("try") // the scope owns the objects created inside
    private static boolean hasCuda() {
        try (var scope = new PointerScope()) {
            var status = TF_Status.newStatus();
            var buffer = tensorflow.TF_GetRegisteredKernelsForOp("MatMul", status);
            status.throwExceptionIfNotOK();
            try {
                return KernelList.parseFrom(buffer.dataAsByteBuffer()).getKernelList().stream()
                        .anyMatch(kernel -> kernel.getDeviceType().equals("GPU"));
            } finally {
                tensorflow.TF_DeleteBuffer(buffer);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new BackendException(
                    "TensorFlow does not list its kernels (%s): check its version."
                            .formatted(TensorFlowMessages.firstLine(e)),
                    e);
        }
    }

    /** Returns whether sessions with these settings compute on the CPU alone. */
    public static boolean isCpu(ConfigProto settings) {
        return settings.getDeviceCountOrDefault("GPU", 1) == 0;
    }

    /**
     * Checks that a session finds its device, because TensorFlow itself would silently compute on
     * the CPU. Only that device is opened: a process can't open all GPUs and then one of them under
     * another number.
     *
     * @param device the device
     * @param settings the settings of sessions on it
     * @throws UsageException if a session does not find it
     */
    public static void require(Device device, ConfigProto settings) {
        if (device.kind() == Device.Kind.CPU) {
            return;
        }
        var problem = problem(settings);
        if (problem.isPresent()) {
            throw new UsageException(
                    "TensorFlow finds no %s (%s): install what is missing, or choose another device; all networks of a process share one GPU."
                            .formatted(device, problem.get()),
                    Remedy.INSTALL_GPU_LIBRARIES,
                    Remedy.COMPUTE_ON_CPU);
        }
    }

    /** Returns the reason why the first GPU can't be used; empty if it can. */
    public static Optional<String> problem() {
        return problem(growing(1).build());
    }

    private static Optional<String> problem(ConfigProto settings) {
        if (!hasCuda()) {
            return Optional.of("its jar is the one for the CPU, linux-x86_64 in place of linux-x86_64-gpu");
        }
        var reason = "its session has no GPU";
        try {
            if (gpus(settings) > 0) {
                return Optional.empty();
            }
        } catch (RuntimeException e) { // TensorFlow's exceptions have no other common supertype
            reason = TensorFlowMessages.reason(e);
        }
        return Optional.of(CudaLibraries.find(List.of()).reason(CUDA, reason));
    }

    /**
     * Returns the settings of sessions: each operation uses threads of a pool that all sessions of
     * the process share. {@link GraphRuns} runs operations one after the other in the calling
     * thread; only partial runs, on the CPU alone, use the session's own threads. There is one per
     * processor: with fewer, partial runs of several callers would wait for each other.
     */
    public static ConfigProto config(Device device, int threads) {
        if (device.kind() == Device.Kind.CPU) {
            return ConfigProto.newBuilder()
                    .setIntraOpParallelismThreads(threads)
                    .addSessionInterOpThreadPool(pool(Runtime.getRuntime().availableProcessors()))
                    .putDeviceCount("GPU", 0)
                    .build();
        }
        var config = growing(threads);
        config.getGpuOptionsBuilder().setVisibleDeviceList(Integer.toString(device.index()));
        // reading variables needs the CPU, and the GPU was checked to exist
        return config.setAllowSoftPlacement(true).build();
    }

    private static ThreadPoolOptionProto pool(int threads) {
        return ThreadPoolOptionProto.newBuilder().setNumThreads(threads).build();
    }

    /** Returns settings with which TensorFlow allocates the GPU's memory on demand. */
    private static ConfigProto.Builder growing(int threads) {
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .addSessionInterOpThreadPool(pool(threads))
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
    }
}
